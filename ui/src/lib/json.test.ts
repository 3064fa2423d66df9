import { describe, expect, it } from "vitest";
import { formatJson, problemWords, readJson } from "./json";

function wordsOf(text: string): string | undefined {
  const read = readJson(text);
  return "problem" in read ? problemWords(read.problem) : undefined;
}

describe("reading JSON", () => {
  it("reads what is JSON", () => {
    expect(readJson('{ "a": [1, null] }')).toEqual({ value: { a: [1, null] } });
  });
  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', "Line 3: A comma is missing."],
    ['{\n  "a": oops\n}', "Line 2: Unknown word; put text in double quotes."],
    ['{\n  "a": 1,\n}', "Line 3: A property name in double quotes is missing."],
    ['{ "a" 1 }', "Line 1: A colon is missing."],
    ['{ "a": "b }', "Line 1: A closing quote is missing."],
    ["[1, 2", "Line 1: A closing bracket is missing."],
    ["{} {}", "Line 1: There is more text after the value."],
    ["// why\n{}", "Line 1: JSON has no comments."],
    ["", "Line 1: A value is missing."],
  ])("says in which line %j is wrong, and what", (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });
});

describe("formatting JSON", () => {
  it("lays it out without changing a value", () => {
    expect(formatJson('{"a":1.50,"b":[12345678901234567890]}')).toBe(
      '{\n  "a": 1.50,\n  "b": [\n    12345678901234567890\n  ]\n}',
    );
  });
  it("leaves what is wrong in place", () => {
    expect(formatJson('{"a":oops}')).toBe('{\n  "a":oops\n}');
  });
});
