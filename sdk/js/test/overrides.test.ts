// What the devtools put in place of the hub's values.
import { expect, test, vi } from "vitest";
import { createOverrides } from "../src/devtools/overrides.js";
import type { WithInside } from "../src/inside.js";
import type { FlagClient } from "../src/types.js";
import { FLUSH_MS } from "../src/usage/usage.js";
import { live, start, turn } from "./support/client.js";
import { delta, snapshot, welcome } from "./support/hub.js";
import { createFakeStorage } from "./support/storage.js";

function override(client: FlagClient, storage = createFakeStorage()) {
  return createOverrides((client as unknown as WithInside).inside, storage);
}

test("an override is served with its reason, and listeners are told", async () => {
  const { client } = await live({ on: false, text: "hello" });
  const changes: unknown[] = [];
  client.on("change:on", ({ value, previous }) => changes.push([previous, value]));
  const overrides = override(client);
  overrides.set("on", true);
  expect(client.detail("on", false)).toMatchObject({ value: true, reason: "OVERRIDE" });
  expect(client.allFlags()).toEqual({ on: true, text: "hello" });
  overrides.remove("on");
  expect(client.bool("on", true)).toBe(false);
  expect(changes).toEqual([
    [false, true],
    [true, false],
  ]);
});

test("what the hub changes meanwhile is not seen until the override is removed", async () => {
  const { client, hub } = await live({ on: false, other: 1 });
  const overrides = override(client);
  overrides.set("on", true);
  const changes: unknown[] = [];
  client.on("change", ({ keys }) => changes.push(keys));
  hub.socket().say(delta(2, { on: null, other: 2 }));
  expect(client.bool("on", false)).toBe(true);
  expect(overrides.original()?.values.get("on")?.[0]).toBe(null);
  expect(client.version).toBe(2);
  overrides.removeAll();
  expect(client.bool("on", true)).toBe(true);
  expect(client.detail("on", true).reason).toBe("DISABLED");
  expect(changes).toEqual([["other"], ["on"]]);
});

test("overrides are kept for the tab, and in force from the first value on", async () => {
  const storage = createFakeStorage();
  const first = await live({ on: false });
  override(first.client, storage).set("on", true);
  const { client, hub } = await start();
  override(client, storage);
  expect(client.detail("on", false).errorCode).toBe("PROVIDER_NOT_READY");
  const seen: unknown[] = [];
  client.on("change:on", ({ value }) => seen.push(value));
  hub.socket().open();
  hub.socket().say(welcome(1, 2));
  hub.socket().say(snapshot(1, { on: false }));
  expect(seen).toEqual([true]);
});

test("nothing of an override is kept for other tabs, and none is counted", async () => {
  const storage = createFakeStorage();
  const { client, hub, clock } = await live({ on: false }, { storage, usage: true });
  await vi.dynamicImportSettled();
  await turn();
  override(client).set("on", true);
  client.bool("on", false);
  clock.advance(FLUSH_MS);
  expect(hub.socket().take()).toEqual([]);
  expect([...storage.items.values()].join()).not.toContain("OVERRIDE");
});

test("ending leaves the client as it was, and the overrides for the next time", async () => {
  const storage = createFakeStorage();
  const { client } = await live({ on: false });
  const overrides = override(client, storage);
  overrides.set("on", true);
  overrides.end();
  expect(client.bool("on", true)).toBe(false);
  override(client, storage);
  expect(client.bool("on", false)).toBe(true);
});

test("storage that holds nonsense is the same as none", async () => {
  for (const nonsense of ["{", "[1]", "null", '"x"']) {
    const storage = createFakeStorage();
    const { client } = await live({ on: false });
    storage.getItem = () => nonsense;
    override(client, storage);
    expect(client.bool("on", true)).toBe(false);
  }
});
