import { beforeEach, expect, it } from "vitest";
import { identify } from "./item-ids";

let known: WeakMap<object, string>;
const [a, b, c] = [{ name: "a" }, { name: "b" }, { name: "c" }];
beforeEach(() => {
  known = new WeakMap();
});

it("keeps the ids of items that are moved or removed", () => {
  const before = identify([a, b, c], known, []);
  expect(new Set(before).size).toBe(3);
  expect(identify([c, a], known, before)).toEqual([before[2], before[0]]);
});

it("keeps the id of an item that is edited", () => {
  const before = identify([a, b, c], known, []);
  expect(identify([a, { ...b }, c], known, before)).toEqual(before);
});

it("gives an item that is inserted an id of its own", () => {
  const before = identify([a, b], known, []);
  const [first, second, third] = identify([a, { ...a }, b], known, before);
  expect([first, third]).toEqual(before);
  expect(before).not.toContain(second);
});

it("keeps all ids when what was saved takes the items' places", () => {
  const before = identify([a, b], known, []);
  expect(identify([{ ...a }, { ...b }], known, before)).toBe(before);
});

it("takes one object at two places for two items", () => {
  const ids = identify([a, a], known, []);
  expect(ids[0]).not.toBe(ids[1]);
});
