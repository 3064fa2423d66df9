import { describe, expect, test, vi } from "vitest";
import type { Change, FlagChange } from "../src/types.js";
import { goLive, live, nextSocket, settled, start, turn } from "./support/client.js";
import { COMMITTED_MICROS, delta, snapshot, welcome } from "./support/hub.js";

const VALUES = { on: true, text: "hello", count: 2.5, shape: { columns: 3, rows: [1, 2] }, none: null };

describe("reading", () => {
  test("gives each flag's value by its type", async () => {
    const { client } = await live(VALUES);
    expect(client.bool("on", false)).toBe(true);
    expect(client.string("text", "")).toBe("hello");
    expect(client.number("count", 0)).toBe(2.5);
    expect(client.object("shape", {})).toEqual({ columns: 3, rows: [1, 2] });
  });

  test("tells the variation, the reason and the flag's version", async () => {
    const { client } = await live(VALUES);
    expect(client.detail("text", "")).toEqual({
      value: "hello",
      variation: "v-hello",
      reason: "STATIC",
      flagVersion: 1,
    });
  });

  test("answers an unknown flag with the default and FLAG_NOT_FOUND", async () => {
    const { client } = await live(VALUES);
    expect(client.bool("nope", true)).toBe(true);
    expect(client.detail("nope", 7)).toMatchObject({
      value: 7,
      reason: "ERROR",
      errorCode: "FLAG_NOT_FOUND",
    });
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "knows no flag called %s",
    async (key) => {
      const { client } = await live(VALUES);
      expect(client.detail(key, null)).toMatchObject({ value: null, errorCode: "FLAG_NOT_FOUND" });
    },
  );

  test("answers a flag of another type with the default and TYPE_MISMATCH", async () => {
    const { client } = await live(VALUES);
    expect(client.bool("text", true)).toBe(true);
    expect(client.string("on", "x")).toBe("x");
    expect(client.number("text", 1)).toBe(1);
    expect(client.object("text", { a: 1 })).toEqual({ a: 1 });
    expect(client.detail("text", 1)).toMatchObject({
      value: 1,
      variation: null,
      reason: "ERROR",
      errorCode: "TYPE_MISMATCH",
      flagVersion: 1,
    });
  });

  test("takes any type where the default is null", async () => {
    const { client } = await live(VALUES);
    expect(client.detail("count", null).value).toBe(2.5);
    expect(client.detail("shape", null).value).toEqual(VALUES.shape);
  });

  test("answers a flag that serves no variation with the default, which is not an error", async () => {
    const { client } = await live(VALUES);
    expect(client.bool("none", true)).toBe(true);
    expect(client.detail("none", "mine")).toEqual({
      value: "mine",
      variation: null,
      reason: "DISABLED",
      flagVersion: 1,
    });
  });

  test("answers a flag that the hub could not evaluate with the default and GENERAL", async () => {
    const { client, hub } = await start();
    hub.socket().open();
    hub.socket().say(welcome(1, 2));
    hub.socket().say([17, 1, { broken: [null, null, "ERROR", 4] }, null]);
    expect(client.detail("broken", 1)).toMatchObject({ value: 1, errorCode: "GENERAL", flagVersion: 4 });
  });

  test("distinguishes an object flag whose value is null from one that serves nothing", async () => {
    const { client, hub } = await start();
    hub.socket().open();
    hub.socket().say(welcome(1, 2));
    hub.socket().say([17, 1, { empty: [null, "nothing", "STATIC", 1] }, null]);
    expect(client.detail("empty", null)).toMatchObject({ value: null, variation: "nothing" });
    expect(client.detail("empty", {}).errorCode).toBe("TYPE_MISMATCH");
  });

  test("answers everything with the default and PROVIDER_NOT_READY before there are values", async () => {
    const { client } = await start();
    expect(client.bool("on", true)).toBe(true);
    expect(client.detail("on", true)).toMatchObject({ value: true, errorCode: "PROVIDER_NOT_READY" });
    expect(client.version).toBe(0);
    expect(client.allFlags()).toEqual({});
  });

  test("gives all flags that serve a value", async () => {
    const { client } = await live(VALUES);
    const { none: _, ...served } = VALUES;
    expect(client.allFlags()).toEqual(served);
  });

  test("shares values that nobody can change", async () => {
    const { client } = await live(VALUES);
    const shape = client.object<{ columns: number; rows: number[] }>("shape", { columns: 0, rows: [] });
    expect(() => shape.rows.push(9)).toThrow(TypeError);
    expect(client.object("shape", {})).toEqual(VALUES.shape);
  });
});

describe("ready", () => {
  test("resolves true once values have arrived", async () => {
    const { client, hub } = await start();
    const ready = client.ready();
    expect(await settled(ready)).toBe("pending");
    hub.socket().open();
    hub.socket().say(welcome(1, 2));
    expect(await settled(ready)).toBe("pending");
    hub.socket().say(snapshot(1, VALUES));
    expect(await ready).toBe(true);
    expect(await client.ready()).toBe(true);
  });

  test("resolves false when its time is over, and still true for who asks later", async () => {
    const { client, hub, clock } = await start();
    const ready = client.ready(200);
    clock.advance(199);
    expect(await settled(ready)).toBe("pending");
    clock.advance(1);
    expect(await ready).toBe(false);
    hub.socket().open();
    hub.socket().say(welcome(1, 2));
    hub.socket().say(snapshot(1, VALUES));
    expect(await client.ready(0)).toBe(true);
  });

  test("resolves false when the client is closed or stopped first", async () => {
    const closed = await start();
    const ready = closed.client.ready();
    closed.client.close();
    expect(await ready).toBe(false);
    expect(await closed.client.ready()).toBe(false);

    const stopped = await start();
    const stoppedReady = stopped.client.ready();
    stopped.hub.socket().end(4501, "invalid key");
    expect(await stoppedReady).toBe(false);
  });

  test("leaves no timer behind", async () => {
    const { client, clock } = await live(VALUES);
    const before = clock.pending();
    await client.ready(60_000);
    expect(clock.pending()).toBe(before);
  });
});

describe("events", () => {
  test("change names every flag whose value changed, appeared or went", async () => {
    const { client, hub } = await live({ a: 1, b: 2, c: 3 });
    const changes: Change[] = [];
    client.on("change", (change) => changes.push(change));
    hub.socket().say(delta(2, { a: 10, b: 2, d: 4 }, ["c"]));
    expect(changes).toEqual([{ keys: ["a", "c", "d"], version: 2, committedAt: COMMITTED_MICROS / 1000 }]);
    expect(client.allFlags()).toEqual({ a: 10, b: 2, d: 4 });
  });

  test("change:KEY tells the new value and the previous one", async () => {
    const { client, hub } = await live({ a: 1, b: 1 });
    const changes: FlagChange[] = [];
    client.on("change:a", (change) => changes.push(change));
    hub.socket().say(delta(2, { b: 2 }));
    hub.socket().say(delta(3, { a: 2 }));
    hub.socket().say(delta(4, { a: null }));
    hub.socket().say(delta(5, {}, ["a"]));
    const committedAt = COMMITTED_MICROS / 1000;
    expect(changes).toEqual([
      { key: "a", value: 2, previous: 1, version: 3, committedAt },
      { key: "a", value: undefined, previous: 2, version: 4, committedAt },
    ]);
  });

  test("nothing fires where only the reason or the flag's version changed", async () => {
    const { client, hub } = await live({ shape: { a: [1] } });
    const listener = vi.fn();
    client.on("change", listener);
    hub.socket().say(delta(2, { shape: { a: [1] } }));
    expect(listener).not.toHaveBeenCalled();
    expect(client.version).toBe(2);
    expect(client.detail("shape", {}).flagVersion).toBe(2);
  });

  test("a snapshot fires for what it changed alone", async () => {
    const { client, hub } = await live({ a: 1, b: 2 });
    const changes: Change[] = [];
    client.on("change", (change) => changes.push(change));
    hub.socket().say(snapshot(9, { a: 1, c: 3 }));
    expect(changes).toEqual([{ keys: ["b", "c"], version: 9, committedAt: null }]);
  });

  test("listeners read the new state, whichever event they listen to", async () => {
    const { client, hub } = await start();
    const seen: unknown[] = [];
    client.on("change", () => seen.push(["change", client.number("a", 0), client.version]));
    client.on("change:a", () => seen.push(["change:a", client.number("a", 0), client.version]));
    client.on("status", (status) => seen.push([status, client.number("a", 0), client.version]));
    hub.socket().open();
    hub.socket().say(welcome(3, 2));
    hub.socket().say(snapshot(3, { a: 1 }));
    expect(seen).toEqual([
      ["change", 1, 3],
      ["change:a", 1, 3],
      ["live", 1, 3],
    ]);
  });

  test("an ended subscription hears nothing more", async () => {
    const { client, hub } = await live({ a: 1 });
    const listener = vi.fn();
    const off = client.on("change", listener);
    off();
    off();
    hub.socket().say(delta(2, { a: 2 }));
    expect(listener).not.toHaveBeenCalled();
  });

  test("a listener that throws is reported, and stops neither the others nor the client", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { client, hub, errors } = await live({ a: 1 });
    const listener = vi.fn();
    client.on("change", () => {
      throw new Error("the application's own");
    });
    client.on("change", listener);
    hub.socket().say(delta(2, { a: 2 }));
    hub.socket().say(delta(3, { a: 3 }));
    expect(listener).toHaveBeenCalledTimes(2);
    expect(report).toHaveBeenCalledTimes(2);
    expect(errors).toEqual([]);
    expect(client.status).toBe("live");
    report.mockRestore();
  });

  test("a listener may close the client", async () => {
    const { client, hub, clock } = await start();
    client.on("change", () => client.close());
    hub.socket().open();
    hub.socket().say(welcome(3, 2));
    hub.socket().say(snapshot(3, { a: 1 }));
    expect(client.status).toBe("closed");
    expect(hub.socket().closedWith).toBe(1000);
    expect(clock.pending()).toBe(0);
  });

  test.each(["reconnecting", "live"])(
    "a listener may close the client when its status is %s",
    async (when) => {
      const { client, hub, clock } = await start();
      client.on("status", (status) => status === when && client.close());
      hub.socket().open();
      hub.socket().say(welcome(3, 2));
      hub.socket().say(snapshot(3, { a: 1 }));
      hub.socket().end();
      clock.advance(60_000);
      expect(client.status).toBe("closed");
      expect(hub.sockets.length).toBe(1);
      expect(clock.pending()).toBe(0);
    },
  );

  test("an error that nobody listens to is told in the console if it is not temporary", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { client, hub } = await start();
    // A second client, to whose errors nothing listens.
    const { createClient } = await import("../src/index.js");
    const quiet = createClient({ key: "pbc_x", url: "ws://h", WebSocket: hub.WebSocket, storage: null });
    await turn();
    hub.socket().open();
    hub.socket().say([20, "later", "not now", true]);
    expect(report).not.toHaveBeenCalled();
    hub.socket().end(4501, "invalid key");
    expect(report).toHaveBeenCalledWith("peekaboo:", "invalid key");
    expect(quiet.status).toBe("stopped");
    expect(client.status).toBe("connecting");
    report.mockRestore();
  });
});

describe("deltas", () => {
  test("older than the current state are ignored", async () => {
    const { client, hub } = await live({ a: 1 });
    hub.socket().say(delta(5, { a: 5 }));
    hub.socket().say(delta(4, { a: 4 }));
    expect(client.number("a", 0)).toBe(5);
    expect(client.version).toBe(5);
  });

  test("that name a version to continue are for server keys, and invalid for a client key", async () => {
    const { client, hub, clock, errors } = await live({ a: 1 });
    hub.socket().say([18, 1, 8, COMMITTED_MICROS, { a: [8, "v", "STATIC", 8] }, [], null, null]);
    expect(errors).toMatchObject([{ code: "protocol", temporary: true }]);
    expect(client.number("a", 0)).toBe(1);
    nextSocket(hub, clock);
    goLive({ hub }, 8, { a: 8 });
    expect(client.number("a", 0)).toBe(8);
  });

  test("before WELCOME or before the announced snapshot mean nothing", async () => {
    const { client, hub, errors } = await start();
    hub.socket().open();
    hub.socket().say(delta(8, { a: 8 }));
    hub.socket().say(welcome(3, 2));
    hub.socket().say(delta(9, { a: 9 }));
    expect(await settled(client.ready())).toBe("pending");
    hub.socket().say(snapshot(9, { a: 1 }));
    expect(client.number("a", 0)).toBe(1);
    expect(errors).toEqual([]);
  });

  test("before WELCOME or the announced snapshot do not touch the values held either", async () => {
    const { client, hub, clock } = await start({ bootstrap: { a: "rendered" } });
    hub.socket().open();
    hub.socket().say(delta(8, { a: 8 }));
    expect(client.string("a", "")).toBe("rendered");
    hub.socket().say(welcome(3, 2));
    hub.socket().say(snapshot(3, { a: "three" }));
    hub.socket().end(1006);
    nextSocket(hub, clock);
    hub.socket().open();
    hub.socket().say(delta(8, { a: 8 }));
    expect(client.string("a", "")).toBe("three");
    hub.socket().say(welcome(5, 2));
    hub.socket().say(delta(9, { a: 9 }));
    expect(client.string("a", "")).toBe("three");
    expect(client.status).toBe("reconnecting");
  });
});

test("close ends everything, at once and for good", async () => {
  const { client, hub, clock, statuses } = await live({ a: 1 });
  client.close();
  client.close();
  expect(statuses).toEqual(["live", "closed"]);
  expect(hub.socket().closedWith).toBe(1000);
  expect(clock.pending()).toBe(0);
  expect(client.number("a", 0)).toBe(1);
  expect(await client.identify({ targetingKey: "user-2" })).toBe(false);
  expect(client.context).toEqual({ targetingKey: "user-1" });
  clock.advance(1_000_000);
  expect(hub.sockets.length).toBe(1);
});

test("a client that is closed in the turn it was made in never connects", async () => {
  const { createFakeHub } = await import("./support/hub.js");
  const { createClient } = await import("../src/index.js");
  const hub = createFakeHub();
  createClient({ key: "pbc_x", url: "ws://h", WebSocket: hub.WebSocket, storage: null }).close();
  await turn();
  expect(hub.sockets.length).toBe(0);
});
