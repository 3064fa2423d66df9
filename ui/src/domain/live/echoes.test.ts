import { beforeEach, expect, it } from "vitest";
import { expectEcho, forgetVersions, isNextVersion, takeEcho } from "./echoes";
import { targetingId } from "./ids";

const id = targetingId("shop", "a", "staging");

beforeEach(forgetVersions);

it("takes one event for the echo of each change", () => {
  expectEcho(id);
  expectEcho(id);
  expect([takeEcho(id), takeEcho(id), takeEcho(id)]).toEqual([true, true, false]);
});

it("expects no echo of a change that was refused", () => {
  const forget = expectEcho(id);
  forget();
  expect(takeEcho(id)).toBe(false);
});

it("expects no echo ten seconds later", () => {
  expectEcho(id, () => 0);
  expect(takeEcho(id, () => 10_001)).toBe(false);
});

it("takes an event that skips versions for more than an echo", () => {
  expect([4, 5, 7].map((version) => isNextVersion("acme/shop/staging", version))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isNextVersion("acme/shop/production", 90)).toBe(true);
});
