import { describe, expect, it } from "vitest";
import { lineDiff, withContext } from "./line-diff";

const shown = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`);

describe("lineDiff", () => {
  it("shows what came, went and stayed", () => {
    expect(shown("a\nb\nc\nd", "a\nx\nc\ny\nd")).toEqual([" a", "-b", "+x", " c", "+y", " d"]);
  });
  it("shows a text that is new, and one that is gone", () => {
    expect(shown("", "a\nb")).toEqual(["+a", "+b"]);
    expect(shown("a", "")).toEqual(["-a"]);
  });
  it("finds nothing between equals", () => {
    expect(shown("a\nb", "a\nb")).toEqual([" a", " b"]);
  });
});

it("folds away what is far from a change", () => {
  const lines = lineDiff("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\nx");
  expect(withContext(lines, 1)).toEqual([
    { kind: "gap", count: 4 },
    { kind: "same", text: "5" },
    { kind: "removed", text: "6" },
    { kind: "added", text: "x" },
  ]);
});
