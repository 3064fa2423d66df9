import { expect, it } from "vitest";
import type { Targeting } from "@/api/types";
import { variationUses } from "./variation-uses";

const targeting = (environment: string, change: Partial<Targeting>): Targeting => ({
  flag: "f",
  environment,
  enabled: true,
  offVariation: "off",
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variation: "on" },
  version: 1,
  updatedAt: "2026-01-01T00:00:00Z",
  ...change,
});

it("finds every place that can serve a variation", () => {
  const all = [
    targeting("a", {}),
    targeting("b", { offVariation: "x" }),
    targeting("c", {
      fallthrough: {
        split: {
          by: "targetingKey",
          weights: [
            ["x", 1],
            ["on", 99_999],
          ],
        },
      },
    }),
    targeting("d", { rules: [{ id: "r", when: { all: [] }, serve: { variation: "x" } }] }),
    targeting("e", { targets: [{ variation: "x", attribute: "targetingKey", values: ["u"] }] }),
    targeting("f", {
      fallthrough: {
        split: {
          by: "targetingKey",
          weights: [
            ["x", 0],
            ["on", 100_000],
          ],
        },
      },
    }),
  ];
  expect(variationUses("x", all)).toEqual(["b", "c", "d", "e"]);
});
