import { describe, expect, test } from "vitest";
import { fingerprint } from "../src/fingerprint.js";
import type { ClientOptions, ValueStorage } from "../src/types.js";
import { goLive, live, nextSocket, settled, start, turn } from "./support/client.js";
import { answer, delta, EPOCH, flag, welcome } from "./support/hub.js";
import { createFakeStorage } from "./support/storage.js";

/** A visit that ends with these values kept. */
async function visit(
  storage: ValueStorage,
  values: Record<string, unknown>,
  options: Partial<ClientOptions> = {},
) {
  const { client } = await live(values, { storage, ...options });
  client.close();
}

describe("a bootstrap", () => {
  test("is there at once, and gives way to the hub's values", async () => {
    const { client, hub } = await start({ bootstrap: { a: "rendered", gone: 1 } });
    expect(client.string("a", "")).toBe("rendered");
    expect(client.detail("a", "")).toMatchObject({ variation: null, reason: "CACHED", flagVersion: 0 });
    expect(await client.ready()).toBe(true);
    expect(client.status).toBe("connecting");
    expect(client.version).toBe(0);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toBeNull();
    goLive({ hub }, 4, { a: "live" });
    expect(client.allFlags()).toEqual({ a: "live" });
  });

  test("is what allFlags gives, through JSON", async () => {
    const first = await live({ a: 1, b: { c: [true] }, none: null });
    const bootstrap = JSON.parse(JSON.stringify(first.client.allFlags()));
    const second = await start({ bootstrap });
    expect(second.client.allFlags()).toEqual({ a: 1, b: { c: [true] } });
  });

  test("wins over kept values", async () => {
    const storage = createFakeStorage();
    await visit(storage, { a: "kept" });
    const { client } = await start({ storage, bootstrap: { a: "rendered" } });
    expect(client.string("a", "")).toBe("rendered");
  });

  test("does not freeze the caller's own object", async () => {
    const bootstrap = { a: { list: [1] } };
    await start({ bootstrap });
    bootstrap.a.list.push(2);
    expect(bootstrap.a.list).toEqual([1, 2]);
  });
});

describe("kept values", () => {
  test("are there at once at the next visit, are resumed from, and cost no byte where nothing changed", async () => {
    const storage = createFakeStorage();
    await visit(storage, { a: 1, none: null });
    const { client, hub } = await start({ storage });
    expect(client.number("a", 0)).toBe(1);
    expect(client.detail("a", 0)).toMatchObject({ variation: "v-1", reason: "STATIC" });
    expect(client.version).toBe(1);
    expect(await client.ready()).toBe(true);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toEqual([EPOCH, 1]);
    hub.socket().say(welcome(1, 0));
    expect(client.status).toBe("live");
  });

  test("are those of the last change, written a second after it", async () => {
    const storage = createFakeStorage();
    const { hub, clock } = await live({ a: 1 }, { storage });
    for (let version = 2; version < 30; version++) hub.socket().say(delta(version, { a: version }));
    expect(storage.writes).toBe(0);
    clock.advance(1000);
    expect(storage.writes).toBe(1);
    clock.advance(60_000);
    expect(storage.writes).toBe(1);
    const next = await start({ storage });
    expect(next.client.number("a", 0)).toBe(29);
  });

  test("are those of the same context only", async () => {
    const storage = createFakeStorage();
    await visit(storage, { a: "one's" });
    const { client } = await start({ storage, context: { targetingKey: "user-2" } });
    expect(client.detail("a", "").errorCode).toBe("PROVIDER_NOT_READY");
    expect(await settled(client.ready())).toBe("pending");
  });

  test.each([
    ["key", { key: "pbc_other" }],
    ["hub", { url: "ws://other.test/sdk/v1/stream" }],
  ])("are those of the same %s only", async (_, other) => {
    const storage = createFakeStorage();
    await visit(storage, { a: 1 });
    const { client } = await start({ storage, ...other });
    expect(client.detail("a", 0).errorCode).toBe("PROVIDER_NOT_READY");
  });

  test("are kept for the few contexts last seen", async () => {
    const storage = createFakeStorage();
    const context = (user: number) => ({ targetingKey: `user-${user}` });
    for (let user = 1; user <= 6; user++) await visit(storage, { user }, { context: context(user) });
    const found: number[] = [];
    for (let user = 1; user <= 6; user++) {
      const { client } = await start({ storage, context: context(user) });
      if (client.number("user", 0)) found.push(client.number("user", 0));
      client.close();
    }
    expect(found).toEqual([3, 4, 5, 6]);
  });

  test("say nothing of who the user was", async () => {
    const storage = createFakeStorage();
    await visit(storage, { a: 1 }, { context: { targetingKey: "ada@example.com", plan: "secret-plan" } });
    const kept = JSON.stringify([...storage.items]);
    expect(kept).not.toContain("ada");
    expect(kept).not.toContain("secret-plan");
  });

  test("of a context identified offline are served until the hub is back", async () => {
    const storage = createFakeStorage();
    await visit(storage, { a: "two's" }, { context: { targetingKey: "user-2" } });
    const { client, hub, clock } = await live({ a: "one's" }, { storage });
    hub.socket().end(1006);
    expect(await client.identify({ targetingKey: "user-2" })).toBe(true);
    expect(client.string("a", "")).toBe("two's");
    nextSocket(hub, clock);
    hub.socket().open();
    expect(hub.socket().take().at(-1)?.[2]).toEqual([EPOCH, 1]);
  });

  test("of a context identified while live are not used: the hub knows better", async () => {
    const storage = createFakeStorage();
    await visit(storage, { a: "stale" }, { context: { targetingKey: "user-2" } });
    const { client, hub } = await live({ a: "one's" }, { storage });
    const identified = client.identify({ targetingKey: "user-2" });
    expect(client.string("a", "")).toBe("one's");
    hub.socket().say(answer(1, { a: "two's" }));
    expect(await identified).toBe(true);
  });

  test("belong to the context they were made for, even when a change arrives before an answer", async () => {
    const storage = createFakeStorage();
    const { client, hub } = await live({ a: 1 }, { storage });
    void client.identify({ targetingKey: "user-2" });
    hub.socket().say(delta(2, { a: "one's" }));
    client.close();
    const one = await start({ storage });
    expect(one.client.string("a", "")).toBe("one's");
    const two = await start({ storage, context: { targetingKey: "user-2" } });
    expect(two.client.detail("a", "").errorCode).toBe("PROVIDER_NOT_READY");
  });
});

describe("storage that fails", () => {
  const fail = () => {
    throw new DOMException("no", "QuotaExceededError");
  };

  test("is the same as none when read", async () => {
    const { client, hub } = await start({ storage: { getItem: fail, setItem: fail, removeItem: fail } });
    expect(client.detail("a", 0).errorCode).toBe("PROVIDER_NOT_READY");
    goLive({ hub }, 1, { a: 1 });
    expect(client.number("a", 0)).toBe(1);
  });

  test("is the same as none when full", async () => {
    const { client, hub, clock, errors } = await live(
      { a: 1 },
      { storage: { ...createFakeStorage(), setItem: fail } },
    );
    hub.socket().say(delta(2, { a: 2 }));
    clock.advance(1000);
    client.close();
    expect(errors).toEqual([]);
    expect(client.number("a", 0)).toBe(2);
  });

  test.each([
    ["nonsense", "}{"],
    ["a text", '"hello"'],
    ["null", "null"],
    ["other things", '[[1,2],["x"],null]'],
    ["flags that are not tuples", JSON.stringify([[contextName(), EPOCH, 5, { a: true }]])],
    ["flags cut short", JSON.stringify([[contextName(), EPOCH, 5, { a: ["x", "v"] }]])],
    ["a version that is a text", JSON.stringify([[contextName(), EPOCH, "5", {}]])],
    ["a version below none", JSON.stringify([[contextName(), EPOCH, -5, {}]])],
    ["an epoch that is a number", JSON.stringify([[contextName(), 7, 5, {}]])],
    ["no flags", JSON.stringify([[contextName(), EPOCH, 5]])],
  ])("is the same as none when it holds %s, and is written over", async (_, text) => {
    const storage = createFakeStorage();
    await visit(storage, { a: 1 });
    const [name] = storage.items.keys();
    storage.items.set(name as string, text);
    const { client, hub } = await start({ storage });
    expect(client.detail("a", 0).errorCode).toBe("PROVIDER_NOT_READY");
    goLive({ hub }, 2, { a: 2 });
    client.close();
    const next = await start({ storage });
    expect(next.client.number("a", 0)).toBe(2);
  });

  test("the stored format is the one that these tests damage", async () => {
    const storage = createFakeStorage();
    await visit(storage, { a: 1 });
    expect([...storage.items.values()].map((text) => JSON.parse(text))).toEqual([
      [[contextName(), EPOCH, 1, { a: flag(1) }]],
    ]);
    expect([...storage.items.keys()][0]).toMatch(/^peekaboo1:[0-9a-z]+$/);
  });
});

test("without a document there is no storage, whatever globals a runtime has", async () => {
  const { createClient } = await import("../src/index.js");
  const { createFakeHub } = await import("./support/hub.js");
  const hub = createFakeHub();
  const client = createClient({ key: "pbc_x", url: "ws://h", WebSocket: hub.WebSocket });
  await turn();
  expect(client.status).toBe("connecting");
  client.close();
});

function contextName(): string {
  return fingerprint(JSON.stringify({ targetingKey: "user-1" }));
}
