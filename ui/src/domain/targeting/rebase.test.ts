import { describe, expect, it } from "vitest";
import type { Rule } from "@/api/types";
import type { TargetingDraft } from "./config";
import { rebase } from "./rebase";

const rule = (id: string, variation = "on"): Rule => ({ id, when: { segment: id }, serve: { variation } });
const base: TargetingDraft = {
  offVariation: "off",
  prerequisites: [],
  targets: [],
  rules: [rule("a"), rule("b")],
  fallthrough: { variation: "off" },
};

describe("rebase", () => {
  it("takes both sides’ changes where they do not meet", () => {
    const { value, clashes } = rebase(
      base,
      { ...base, fallthrough: { variation: "on" }, rules: [rule("a", "x"), rule("b")] },
      { ...base, offVariation: null, rules: [rule("a"), rule("b", "y"), rule("c")] },
    );
    expect(clashes).toEqual([]);
    expect(value).toEqual({
      ...base,
      offVariation: null,
      fallthrough: { variation: "on" },
      rules: [rule("a", "x"), rule("b", "y"), rule("c")],
    });
  });
  it("keeps mine where they meet, and says so", () => {
    const { value, clashes } = rebase(
      base,
      { ...base, fallthrough: { variation: "x" }, rules: [rule("a", "x"), rule("b")] },
      { ...base, fallthrough: { variation: "y" }, rules: [rule("a", "y"), rule("b")] },
    );
    expect(value.fallthrough).toEqual({ variation: "x" });
    expect(value.rules[0]).toEqual(rule("a", "x"));
    expect(clashes).toEqual(["rule a", "what everyone else gets"]);
  });
  it("keeps what I removed out, and drops what they removed and I left alone", () => {
    const mine = rebase(
      base,
      { ...base, rules: [rule("b")] },
      { ...base, rules: [rule("a"), rule("b", "y")] },
    );
    expect(mine.value.rules).toEqual([rule("b", "y")]);
    const theirs = rebase(
      base,
      { ...base, rules: [rule("a", "x"), rule("b")] },
      { ...base, rules: [rule("a")] },
    );
    expect(theirs.value.rules).toEqual([rule("a", "x")]);
  });
  it("keeps both rules where both added one under the same name", () => {
    const { value, clashes } = rebase(
      base,
      { ...base, rules: [...base.rules, rule("c", "mine")] },
      { ...base, rules: [...base.rules, rule("c", "theirs"), rule("c-2")] },
    );
    expect(clashes).toEqual([]);
    expect(value.rules.map(({ id, serve }) => [id, serve])).toEqual([
      ["a", { variation: "on" }],
      ["b", { variation: "on" }],
      ["c-3", { variation: "mine" }],
      ["c", { variation: "theirs" }],
      ["c-2", { variation: "on" }],
    ]);
  });
  it("does not call it a clash when both did the same", () => {
    const both = { ...base, fallthrough: { variation: "x" } };
    expect(rebase(base, both, both).clashes).toEqual([]);
  });
});
