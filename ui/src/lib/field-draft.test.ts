import { describe, expect, it } from "vitest";
import { changedFields, clash, follow, rebaseFields, settle } from "./field-draft";

const base = { name: "Production", color: "#f00", production: false };

describe("changedFields", () => {
  it("holds what differs and nothing else", () => {
    expect(changedFields(base, base)).toEqual({});
    expect(changedFields(base, { ...base, name: "Live" })).toEqual({ name: "Live" });
    expect(changedFields({ origins: ["a"] }, { origins: ["a"] })).toEqual({});
  });
});

describe("rebaseFields", () => {
  it("leaves alone what I did not touch, whatever they made of it", () => {
    const mine = { ...base, name: "Live" };
    const theirs = { ...base, production: true };
    expect(rebaseFields(base, mine, theirs)).toEqual({ name: "Live", color: "#f00", production: true });
  });
});

describe("follow", () => {
  const draft = { base, version: 1, mine: { ...base, name: "Live" } };

  it("moves under my changes where theirs are to other fields", () => {
    const theirs = { ...base, production: true };
    expect(follow(draft, theirs, 2)).toEqual({
      base: theirs,
      version: 2,
      mine: { name: "Live", color: "#f00", production: true },
    });
  });

  it("leaves it to people where both changed one field", () => {
    expect(follow(draft, { ...base, name: "Prod" }, 2)).toBeNull();
    expect(clash(base, draft.mine, { ...base, name: "Live" })).toBe(false);
  });
});

describe("settle", () => {
  it("keeps what was typed while the save was under way", () => {
    const sent = { ...base, name: "Li" };
    const draft = { base, version: 1, mine: { ...base, name: "Live" } };
    const settled = settle(draft, sent, sent, 2);
    expect(settled).toEqual({ base: sent, version: 2, mine: { ...base, name: "Live" } });
    expect(changedFields(settled.base, settled.mine)).toEqual({ name: "Live" });
  });

  it("is done where nothing was", () => {
    const sent = { ...base, name: "Live" };
    const settled = settle({ base, version: 1, mine: sent }, sent, sent, 2);
    expect(changedFields(settled.base, settled.mine)).toEqual({});
  });
});
