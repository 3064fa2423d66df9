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

it("keeps both sides' keys, and mine where both changed the same", () => {
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

it("keeps both sides' conditions", () => {
  const country = { attribute: "country", op: "in" as const, values: ["SE"] };
  const held = { ...base, when: { any: [country] } };
  const mine = { ...held, when: { any: [{ ...country, values: ["SE", "NO"] }] } };
  const theirs = { ...held, when: { any: [country, { segment: "staff" }] } };
  expect(rebaseSegment(held, mine, theirs)).toEqual({
    value: { ...held, when: { any: [{ ...country, values: ["SE", "NO"] }, { segment: "staff" }] } },
    clashes: [],
  });
});
