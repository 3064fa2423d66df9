import { describe, expect, it } from "vitest";
import { changedFields, mergeFields } from "./fields";

const base = { name: "Production", color: "#f00", production: false };

describe("changedFields", () => {
  it("holds what differs and nothing else", () => {
    expect(changedFields(base, base)).toEqual({});
    expect(changedFields(base, { ...base, name: "Live" })).toEqual({ name: "Live" });
    expect(changedFields({ origins: ["a"] }, { origins: ["a"] })).toEqual({});
  });
});

describe("mergeFields", () => {
  const mine = { ...base, name: "Live" };

  it("leaves alone what I did not touch, whatever they made of it", () => {
    expect(mergeFields(base, mine, { ...base, production: true })).toEqual({
      value: { name: "Live", color: "#f00", production: true },
      clashes: [],
    });
  });

  it("names what both changed, each in their own way", () => {
    expect(mergeFields(base, mine, { ...base, name: "Prod" }).clashes).toEqual(["name"]);
    expect(mergeFields(base, mine, { ...base, name: "Live" }).clashes).toEqual([]);
  });
});
