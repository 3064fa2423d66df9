import { expect, test, vi } from "vitest";
import { createTestServerClient } from "../../src/testing/index.js";

interface Flags {
  "new-checkout": boolean;
  "discount-percent": number;
}

test("a server's test client serves the values that it was given, for every context", async () => {
  const flags = createTestServerClient<Flags>({ "new-checkout": true });
  expect(await flags.ready()).toBe(true);
  expect(flags.status).toBe("live");
  expect(flags.bool("new-checkout", false, { targetingKey: "user-1" })).toBe(true);
  expect(flags.detail("new-checkout", false)).toMatchObject({ value: true, variation: "test" });
  expect(flags.detail("discount-percent", 5)).toMatchObject({ value: 5, errorCode: "FLAG_NOT_FOUND" });
  expect(flags.detail("new-checkout", "")).toMatchObject({ errorCode: "TYPE_MISMATCH" });
  expect(flags.allFlags()).toEqual({ "new-checkout": true });
});

test("a function decides for each context", () => {
  const flags = createTestServerClient<Flags>({
    "discount-percent": ({ plan }) => (plan === "pro" ? 10 : undefined),
  });
  expect(flags.number("discount-percent", 0, { plan: "pro" })).toBe(10);
  expect(flags.detail("discount-percent", 0, { plan: "free" })).toMatchObject({ value: 0, variation: null });
});

test("a value that is set is served in the next line, and listeners have heard of it", async () => {
  const flags = createTestServerClient<Flags>({ "new-checkout": false });
  const [changed, closed] = [vi.fn(), vi.fn()];
  flags.on("change:new-checkout", changed);
  flags.on("status", closed);
  flags.set("new-checkout", true);
  expect(flags.bool("new-checkout", false)).toBe(true);
  flags.remove("new-checkout");
  expect(flags.bool("new-checkout", false)).toBe(false);
  expect(changed).toHaveBeenCalledTimes(2);
  await flags.close();
  await flags.close();
  expect(closed).toHaveBeenCalledExactlyOnceWith("closed");
});

test("reads and tracked events are there to be asserted", () => {
  const flags = createTestServerClient<Flags>({ "new-checkout": true });
  const context = { targetingKey: "user-1" };
  flags.bool("new-checkout", false, context);
  flags.number("discount-percent", 0, context);
  flags.track("purchase", context, 80);
  expect(flags.reads("new-checkout")).toEqual([
    { value: true, reason: "STATIC", errorCode: undefined, context },
  ]);
  expect(flags.reads("discount-percent")).toMatchObject([{ value: undefined, errorCode: "FLAG_NOT_FOUND" }]);
  expect(flags.tracked("purchase")).toEqual([{ value: 80, context }]);
  flags.forget();
  expect(flags.reads("new-checkout")).toEqual([]);
});
