import { expect, expectTypeOf, test, vi } from "vitest";
import type { Change, Context, Status } from "../../src/index.js";
import { createTestClient } from "../../src/testing/index.js";

interface Flags {
  "new-checkout": boolean;
  "hero-theme": "dawn" | "fjord";
  layout: { readonly columns: number };
}

test("a test client is live at once, with the values that it was given", async () => {
  const flags = createTestClient<Flags>({ "new-checkout": true, "hero-theme": "fjord" });
  expect(flags.status).toBe("live");
  expect(flags.bool("new-checkout", false)).toBe(true);
  expect(flags.string("hero-theme", "dawn")).toBe("fjord");
  expect(flags.detail("new-checkout", false)).toMatchObject({ variation: "test", reason: "STATIC" });
  expect(flags.allFlags()).toEqual({ "new-checkout": true, "hero-theme": "fjord" });
  expect(await flags.ready()).toBe(true);
  expect(flags.status).toBe("live");
});

test("a flag that was not set, or is read as another type, serves the default as in production", () => {
  const flags = createTestClient({ "hero-theme": "fjord" });
  expect(flags.detail("new-checkout", true)).toMatchObject({ value: true, errorCode: "FLAG_NOT_FOUND" });
  expect(flags.detail("hero-theme", 1)).toMatchObject({ value: 1, errorCode: "TYPE_MISMATCH" });
});

test("a value that is set is served in the next line, and listeners have heard of it", () => {
  const flags = createTestClient<Flags>({ "new-checkout": false });
  const changes: Change[] = [];
  const checkout = vi.fn();
  flags.on("change", (change) => changes.push(change));
  flags.on("change:new-checkout", checkout);
  flags.set("new-checkout", true);
  expect(flags.bool("new-checkout", false)).toBe(true);
  expect(checkout).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ value: true, previous: false }));
  flags.set({ "hero-theme": "dawn", layout: { columns: 2 } });
  expect(changes.map(({ keys }) => keys)).toEqual([["new-checkout"], ["hero-theme", "layout"]]);
  flags.set("new-checkout", true);
  expect(changes).toHaveLength(2);
  flags.remove("new-checkout");
  expect(flags.bool("new-checkout", false)).toBe(false);
  expect(checkout).toHaveBeenLastCalledWith(expect.objectContaining({ value: undefined, previous: true }));
});

test("what the test changes afterwards changes no flag", () => {
  const layout = { columns: 2 };
  const flags = createTestClient({ layout });
  layout.columns = 3;
  expect(flags.object("layout", { columns: 1 })).toEqual({ columns: 2 });
});

test("a function decides by the context, which identify replaces", async () => {
  const flags = createTestClient<Flags>(
    { "hero-theme": ({ country }) => (country === "SE" ? "fjord" : undefined) },
    { context: { country: "DE" } },
  );
  expect(flags.detail("hero-theme", "dawn")).toMatchObject({ value: "dawn", variation: null });
  expect(await flags.identify({ country: "SE" })).toBe(true);
  expect(flags.detail("hero-theme", "dawn")).toMatchObject({ value: "fjord", reason: "TARGETING_MATCH" });
  flags.set("hero-theme", (context: Context) => (context.country === "SE" ? "dawn" : "fjord"));
  expect(flags.string("hero-theme", "fjord")).toBe("dawn");
});

test("reads and tracked events are there to be asserted", async () => {
  const flags = createTestClient<Flags>({ "new-checkout": true }, { context: { targetingKey: "user-1" } });
  flags.bool("new-checkout", false);
  flags.string("hero-theme", "dawn");
  flags.track("purchase", 12.5);
  await flags.identify({ targetingKey: "user-2" });
  flags.track("purchase");
  expect(flags.reads("new-checkout")).toEqual([
    { value: true, reason: "STATIC", errorCode: undefined, context: { targetingKey: "user-1" } },
  ]);
  expect(flags.reads("hero-theme")).toMatchObject([{ value: undefined, errorCode: "FLAG_NOT_FOUND" }]);
  expect(flags.reads("layout")).toEqual([]);
  expect(flags.tracked("purchase")).toEqual([
    { value: 12.5, context: { targetingKey: "user-1" } },
    { value: undefined, context: { targetingKey: "user-2" } },
  ]);
  flags.forget();
  expect(flags.reads("new-checkout")).toEqual([]);
  expect(flags.tracked("purchase")).toEqual([]);
  expect(flags.bool("new-checkout", false)).toBe(true);
});

test("a client that starts offline has no values until it is online", async () => {
  const flags = createTestClient<Flags>({ "new-checkout": true }, { online: false });
  expect(flags.status).toBe("connecting");
  expect(flags.detail("new-checkout", false)).toMatchObject({ errorCode: "PROVIDER_NOT_READY" });
  expect(await flags.ready(1)).toBe(false);
  const ready = flags.ready();
  flags.goOnline();
  expect(await ready).toBe(true);
  expect(flags.bool("new-checkout", false)).toBe(true);
});

test("offline the last values are served, and what was set meanwhile comes with the connection", () => {
  const flags = createTestClient<Flags>({ "new-checkout": false });
  const statuses: Status[] = [];
  flags.on("status", (status) => statuses.push(status));
  flags.goOffline();
  flags.set("new-checkout", true);
  expect(flags.bool("new-checkout", true)).toBe(false);
  flags.goOnline();
  expect(flags.bool("new-checkout", false)).toBe(true);
  flags.goOffline();
  flags.close();
  expect(statuses).toEqual(["reconnecting", "live", "reconnecting", "closed"]);
});

test("declared flags are set by their key and type alone", () => {
  const flags = createTestClient<Flags>();
  // @ts-expect-error: no such flag
  flags.set("new-chekout", true);
  // @ts-expect-error: no such variation
  flags.set("hero-theme", "dusk");
  // @ts-expect-error: no such flag
  createTestClient<Flags>({ "new-chekout": true });
  expectTypeOf(flags.string("hero-theme", "dawn")).toEqualTypeOf<"dawn" | "fjord">();
});
