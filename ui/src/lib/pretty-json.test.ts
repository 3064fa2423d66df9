import { expect, it } from "vitest";
import { prettyJson } from "./pretty-json";

it("keeps what is short on one line and breaks what is long", () => {
  expect(prettyJson([["on", 80_000]])).toBe('[["on", 80000]]');
  expect(prettyJson({ a: 1, b: {} })).toBe('{ "a": 1, "b": {} }');
  const long = { name: "x".repeat(70), list: [1, { a: true }] };
  expect(prettyJson(long)).toBe(`{\n  "name": "${"x".repeat(70)}",\n  "list": [1, { "a": true }]\n}`);
});

it("says the same as it was given", () => {
  const value = {
    rules: Array.from({ length: 9 }, (_, id) => ({ id, when: { all: [{ a: "é\n" }] }, not: null })),
  };
  expect(JSON.parse(prettyJson(value))).toEqual(value);
});
