import { expect, it } from "vitest";
import { whereWords } from "./where";

it.each([
  ["/rules/0/when/all/1", "rule 1"],
  ["/prerequisites/1", "prerequisite 2"],
  ["/when/any/0", "condition"],
  ["/fallthrough/split", "everyone else"],
  ["elsewhere", "elsewhere"],
])("%s is %s", (pointer, words) => {
  expect(whereWords(pointer)).toBe(words);
});
