import { expect, it } from "vitest";
import type { SegmentConfig } from "./rebase-segment";
import { rebaseSegment } from "./rebase-segment";

const base: SegmentConfig = {
  name: "Beta",
  description: "",
  attribute: "targetingKey",
  included: ["a", "b"],
  excluded: [],
  when: { any: [] },
};

it("keeps both sides' keys, and mine where a whole was changed by both", () => {
  const mine = { ...base, name: "Mine", included: ["b", "c"] };
  const theirs = {
    ...base,
    name: "Theirs",
    description: "Theirs",
    included: ["a", "b", "d"],
    excluded: ["x"],
  };
  expect(rebaseSegment(base, mine, theirs)).toEqual({
    value: {
      ...base,
      name: "Mine",
      description: "Theirs",
      included: ["b", "d", "c"],
      excluded: ["x"],
    },
    clashes: ["the name"],
  });
});
