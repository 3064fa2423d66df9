// Contexts are the caller's own objects; rules read them as JSON has them, which is how a hub receives them.
import { describe, expect, test } from "vitest";
import { parseAttribute } from "../../src/engine/attribute.js";
import { copy } from "../../src/json.js";
import type { Context, Json } from "../../src/types.js";

function read(name: string, context: unknown): Json | undefined {
  return parseAttribute(name)?.(context as Context);
}

const when = new Date("2026-01-02T03:04:05.678Z");

describe("an attribute reads the same here as at a hub", () => {
  test.each([
    ["a date", "since", { since: when }, "2026-01-02T03:04:05.678Z"],
    ["a date inside", "/account/since", { account: { since: when } }, "2026-01-02T03:04:05.678Z"],
    ["dates in a list", "dates", { dates: [when, "x"] }, ["2026-01-02T03:04:05.678Z", "x"]],
    ["a date that is none", "since", { since: new Date(Number.NaN) }, undefined],
    ["an object with a form of its own", "/url/x", { url: { toJSON: () => ({ x: 1 }) } }, 1],
    ["a number that JSON cannot say", "n", { n: Number.NaN }, undefined],
    ["a function", "f", { f: () => 1 }, undefined],
    ["a symbol", "s", { s: Symbol("s") }, undefined],
    ["what is absent in a list", "list", { list: [undefined, when] }, [null, "2026-01-02T03:04:05.678Z"]],
  ])("%s", (_, name, context, expected) => {
    expect(read(name, context)).toEqual(expected);
    expect(read(name, copy(context))).toEqual(expected);
  });
});

describe("half of a surrogate pair is U+FFFD, as UTF-8 has it", () => {
  test.each([
    ["at the end", "name", { name: "Ann \ud83d" }, "Ann \ufffd"],
    ["in the targeting key", "targetingKey", { targetingKey: "\udc00" }, "\ufffd"],
    ["in a list", "names", { names: ["a", "\ud83d"] }, ["a", "\ufffd"]],
    ["and a whole pair stays", "name", { name: "\u{1f600}\ud83d" }, "\u{1f600}\ufffd"],
  ])("%s", (_, name, context, expected) => {
    expect(read(name, context)).toEqual(expected);
    expect(read(name, JSON.parse(new TextDecoder().decode(encode(context))))).toEqual(expected);
  });
});

/** As the context would travel: every text in it as UTF-8. */
function encode(context: object): Uint8Array {
  const text = JSON.stringify(context, (_, value) =>
    typeof value === "string" ? new TextDecoder().decode(new TextEncoder().encode(value)) : value,
  );
  return new TextEncoder().encode(text);
}
