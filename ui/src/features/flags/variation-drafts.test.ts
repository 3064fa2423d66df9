import { describe, expect, it } from "vitest";
import {
  defaultDrafts,
  draftVariation,
  readValue,
  readVariations,
  suggestKey,
  toDraft,
} from "./variation-drafts";

describe("readValue", () => {
  it.each([
    ["boolean", "true", true],
    ["string", " as typed ", " as typed "],
    ["number", "1,5", 1.5],
    ["object", '{"a": [1]}', { a: [1] }],
  ] as const)("reads a %s", (type, text, value) => {
    expect(readValue(type, text)).toEqual({ value });
  });
  it.each([
    ["boolean", "1"],
    ["number", ""],
    ["number", "ten"],
    ["object", "[1]"],
    ["object", "{"],
    ["object", "null"],
  ] as const)("refuses a %s written as %j", (type, text) => {
    expect(readValue(type, text)).toHaveProperty("problem");
  });
});

describe("readVariations", () => {
  it("accepts the defaults of every type", () => {
    for (const type of ["boolean", "string", "number", "object"] as const) {
      const { variations, problems } = readVariations(type, defaultDrafts(type));
      expect(problems.size).toBe(0);
      expect(variations).toHaveLength(2);
    }
  });

  it("gives back what it was given", () => {
    const variation = { key: "big", value: { size: 3 }, name: "Big", description: "The large one" };
    expect(readVariations("object", [toDraft(variation, "object")]).variations).toEqual([variation]);
  });

  it("points at keys that are taken twice", () => {
    const drafts = [draftVariation({ key: "a", value: "x" }), draftVariation({ key: "a", value: "y" })];
    const { problems } = readVariations("string", drafts);
    expect([...problems.values()].map((problem) => problem.key)).toEqual([
      "Another variation already has this key.",
      "Another variation already has this key.",
    ]);
  });
});

it("suggests a key that is free", () => {
  expect(suggestKey("Dark Mode", [])).toBe("dark-mode");
  expect(suggestKey("Dark Mode", ["dark-mode", "dark-mode-2"])).toBe("dark-mode-3");
  expect(suggestKey("", [])).toBe("variation");
});
