import { expect, it } from "vitest";
import type { TargetingConfig } from "@/api/types";
import { targetingProblems } from "./problems";

const config: TargetingConfig = {
  enabled: true,
  offVariation: null,
  prerequisites: [{ flag: "a", variations: [] }],
  targets: [],
  rules: [
    {
      id: "r1",
      when: {
        all: [
          { attribute: "", op: "in", values: ["x"] },
          { not: { attribute: "plan", op: "gt", values: [] } },
          { attribute: "plan", op: "exists" },
          { any: [{ segment: "" }, { flag: "", variations: [] }] },
          { bucket: { by: "targetingKey", from: 5, below: 1 } },
        ],
      },
      serve: { split: { by: "targetingKey", weights: [["on", 90_000]] } },
    },
    { id: "r1", when: { all: [] }, serve: { variation: "on" } },
  ],
  fallthrough: { variation: "on" },
};

it("points at each thing that is wrong", () => {
  expect(targetingProblems(config).map((problem) => problem.pointer)).toEqual([
    "/prerequisites/0/variations",
    "/rules/0/when/all/0/attribute",
    "/rules/0/when/all/1/not/values",
    "/rules/0/when/all/3/any/0/segment",
    "/rules/0/when/all/3/any/1/flag",
    "/rules/0/when/all/4/bucket",
    "/rules/0/serve/split/weights",
    "/rules/1/id",
  ]);
});

it("tells what is still to be filled in from what is wrong", () => {
  const missing = targetingProblems(config).flatMap(({ pointer, missing }) => (missing ? [pointer] : []));
  expect(missing).toEqual([
    "/prerequisites/0/variations",
    "/rules/0/when/all/0/attribute",
    "/rules/0/when/all/1/not/values",
    "/rules/0/when/all/3/any/0/segment",
    "/rules/0/when/all/3/any/1/flag",
  ]);
});
