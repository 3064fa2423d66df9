import { describe, expect, it } from "vitest";
import type { Weights } from "./weights";
import {
  absorbRest,
  alignWeights,
  boundaries,
  evenWeights,
  moveBoundary,
  parsePercent,
  setWeight,
  total,
  typedPercent,
  WHOLE,
  wholeTo,
} from "./weights";

const three: Weights = [
  ["a", 20_000],
  ["b", 30_000],
  ["c", 50_000],
];

describe("evenWeights", () => {
  it.each([1, 2, 3, 7, 11])("shares the whole among %i", (count) => {
    const weights = evenWeights(Array.from({ length: count }, (_, index) => `v${index}`));
    expect(total(weights)).toBe(WHOLE);
    const values = weights.map(([, weight]) => weight);
    expect(Math.max(...values) - Math.min(...values)).toBeLessThanOrEqual(1);
  });
});

it("starts a split with the whole for what is served now", () => {
  expect(wholeTo("b", ["a", "b", "c"])).toEqual([
    ["a", 0],
    ["b", WHOLE],
    ["c", 0],
  ]);
});

describe("setWeight", () => {
  it("keeps the sum of two whole", () => {
    const two: Weights = [
      ["on", 50_000],
      ["off", 50_000],
    ];
    expect(setWeight(two, 0, 12_345)).toEqual([
      ["on", 12_345],
      ["off", 87_655],
    ]);
  });
  it("leaves the others of three as they were typed", () => {
    expect(setWeight(three, 0, 10_000).map(([, weight]) => weight)).toEqual([10_000, 30_000, 50_000]);
  });
  it("keeps within a whole", () => {
    expect(setWeight(three, 0, 1e9)[0]).toEqual(["a", WHOLE]);
    expect(setWeight(three, 0, -5)[0]).toEqual(["a", 0]);
  });
});

describe("moveBoundary", () => {
  it("changes the two beside it only", () => {
    expect(moveBoundary(three, 1, 40_000)).toEqual([
      ["a", 20_000],
      ["b", 20_000],
      ["c", 60_000],
    ]);
  });
  it("stops at its neighbours", () => {
    expect(moveBoundary(three, 1, 0).map(([, weight]) => weight)).toEqual([20_000, 0, 80_000]);
    expect(moveBoundary(three, 0, WHOLE).map(([, weight]) => weight)).toEqual([50_000, 0, 50_000]);
  });
  it("never changes the sum", () => {
    for (const position of [0, 1, 33_333, 99_999, WHOLE]) {
      expect(total(moveBoundary(three, 0, position))).toBe(WHOLE);
    }
  });
});

it("knows where each share ends", () => {
  expect(boundaries(three)).toEqual([20_000, 50_000]);
});

it("gives the missing rest to one", () => {
  expect(
    total(
      absorbRest(
        [
          ["a", 10_000],
          ["b", 0],
        ],
        1,
      ),
    ),
  ).toBe(WHOLE);
  expect(
    absorbRest(
      [
        ["a", 90_000],
        ["b", 20_000],
      ],
      1,
    )[1],
  ).toEqual(["b", 10_000]);
});

describe("percent", () => {
  it.each([
    ["12.5", 12_500],
    ["12,5", 12_500],
    [" 0.001 % ", 1],
    ["100", 100_000],
    ["33.3333", 33_333],
  ])("%j is %i parts", (text, weight) => {
    expect(parsePercent(text)).toBe(weight);
  });
  it.each(["", "x", "-1", "100.1", "1e2", "1000"])("%j is no share", (text) => {
    expect(parsePercent(text)).toBeUndefined();
  });
  it("is written without needless zeros", () => {
    expect([100_000, 12_500, 1].map(typedPercent)).toEqual(["100", "12.5", "0.001"]);
  });
});

it("aligns weights with the variations there are", () => {
  expect(
    alignWeights(
      [
        ["gone", 10_000],
        ["b", 90_000],
      ],
      ["a", "b"],
    ),
  ).toEqual([
    ["b", 90_000],
    ["a", 0],
  ]);
});
