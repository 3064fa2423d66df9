import { expect, it } from "vitest";
import { stack } from "./stack";

it("puts each series on top of those before it", () => {
  expect(
    stack([
      [1, 2, 0],
      [0, 3, 4],
      [5, 0, 1],
    ]),
  ).toEqual([
    [1, 2, 0],
    [1, 5, 4],
    [6, 5, 5],
  ]);
  expect(stack([])).toEqual([]);
});
