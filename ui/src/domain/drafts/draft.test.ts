import { describe, expect, it } from "vitest";
import type { Draft } from "./draft";
import { compare, isSettled, settle } from "./draft";
import { mergeFields } from "./fields";

const base = { name: "Production", color: "#f00", production: false };
const draft: Draft<typeof base> = { base, version: 1, mine: { ...base, name: "Live" } };

describe("compare", () => {
  it("does nothing about what is not newer", () => {
    expect(compare(draft, { value: { ...base, color: "#0f0" }, version: 1 }, mergeFields, true).kind).toBe(
      "none",
    );
  });

  it("follows a newer version that changed nothing of what is edited, even where it must ask otherwise", () => {
    expect(compare(draft, { value: { ...base }, version: 2 }, mergeFields, false)).toEqual({
      kind: "follow",
      draft: { ...draft, version: 2 },
    });
  });

  it("moves under my changes where theirs are to other fields, if it may", () => {
    const theirs = { value: { ...base, production: true }, version: 2 };
    expect(compare(draft, theirs, mergeFields, true)).toEqual({
      kind: "follow",
      draft: { base: theirs.value, version: 2, mine: { name: "Live", color: "#f00", production: true } },
    });
    expect(compare(draft, theirs, mergeFields, false)).toEqual({ kind: "ask", theirs });
  });

  it("leaves it to people where both changed one field", () => {
    const theirs = { value: { ...base, name: "Prod" }, version: 2 };
    expect(compare(draft, theirs, mergeFields, true)).toEqual({ kind: "ask", theirs });
  });
});

describe("settle", () => {
  it("keeps what was typed while the save was under way", () => {
    const sent = { ...base, name: "Li" };
    const settled = settle(draft, sent, { value: sent, version: 2 }, mergeFields);
    expect(settled).toEqual({ base: sent, version: 2, mine: { ...base, name: "Live" } });
    expect(isSettled(settled)).toBe(false);
  });

  it("is done where nothing was", () => {
    const sent = draft.mine;
    expect(isSettled(settle(draft, sent, { value: sent, version: 2 }, mergeFields))).toBe(true);
  });
});
