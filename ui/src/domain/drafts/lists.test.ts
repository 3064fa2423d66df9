import { describe, expect, it } from "vitest";
import { mergeLists, mergeValues } from "./lists";

interface Item {
  id: string;
  value: number;
}

const items = (text: string): Item[] =>
  text.split(" ").flatMap((part) => {
    const [id = "", value = "0"] = part.split("=");
    return id === "" ? [] : [{ id, value: Number(value) }];
  });

function merge(base: string, mine: string, theirs: string) {
  const clashes: string[] = [];
  const merged = mergeLists(items(base), items(mine), items(theirs), {
    idOf: ({ id }) => id,
    clash: (id) => clashes.push(id),
    orderClash: () => clashes.push("order"),
  });
  return { merged: merged.map(({ id, value }) => (value ? `${id}=${value}` : id)).join(" "), clashes };
}

describe("merging lists", () => {
  it("takes what each side changed", () => {
    expect(merge("a b c", "a=1 b c", "a b c=2")).toEqual({ merged: "a=1 b c=2", clashes: [] });
  });
  it("keeps mine where both changed the same item, and says so", () => {
    expect(merge("a b", "a=1 b", "a=2 b")).toEqual({ merged: "a=1 b", clashes: ["a"] });
  });
  it("drops what either side removed, unless the other changed it", () => {
    expect(merge("a b c", "b c", "a c")).toEqual({ merged: "c", clashes: [] });
    expect(merge("a b", "b", "a=1 b")).toEqual({ merged: "b", clashes: ["a"] });
    expect(merge("a b", "a=1 b", "b")).toEqual({ merged: "a=1 b", clashes: ["a"] });
  });
  it("keeps their order when I changed an item without moving any", () => {
    expect(merge("a b c", "a=1 b c", "c b a")).toEqual({ merged: "c b a=1", clashes: [] });
  });
  it("keeps my order when they only changed an item", () => {
    expect(merge("a b c", "c a b", "a b c=1")).toEqual({ merged: "c=1 a b", clashes: [] });
  });
  it("says when both moved items to different places", () => {
    expect(merge("a b c", "b a c", "a c b")).toEqual({ merged: "b a c", clashes: ["order"] });
    expect(merge("a b", "b a", "b a=1")).toEqual({ merged: "b a=1", clashes: [] });
  });
  it("leaves what was added behind the item that it was added behind", () => {
    expect(merge("a b", "a mine b", "a b theirs")).toEqual({ merged: "a mine b theirs", clashes: [] });
    expect(merge("a b", "mine a b", "a=1 theirs b")).toEqual({ merged: "mine a=1 theirs b", clashes: [] });
  });
  it("loses none of several items that are the same", () => {
    expect(merge("a a=1", "a=5 a=1", "a a=1 b")).toEqual({ merged: "a=5 a=1 b", clashes: [] });
  });
});

it("merges values one by one", () => {
  expect(mergeValues(["a", "b"], ["b", "c"], ["a", "b", "d"])).toEqual(["b", "d", "c"]);
});
