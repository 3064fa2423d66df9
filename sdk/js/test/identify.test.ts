import { describe, expect, test } from "vitest";
import type { Change } from "../src/types.js";
import { SDK } from "../src/version.js";
import { KEY, live, nextSocket, settled, start } from "./support/client.js";
import { answer, delta, EPOCH, snapshot, welcome } from "./support/hub.js";
import { createFakeStorage } from "./support/storage.js";

const ONE = { targetingKey: "user-1" };
const TWO = { targetingKey: "user-2", plan: "pro" };
const THREE = { targetingKey: "user-3" };

test("identify sends the context and resolves once its values are in place", async () => {
  const { client, hub } = await live({ a: 1, b: 1 });
  const changes: Change[] = [];
  client.on("change", (change) => changes.push(change));
  const identified = client.identify(TWO);
  expect(client.context).toEqual(TWO);
  expect(hub.socket().take()).toEqual([[1, TWO]]);
  expect(await settled(identified)).toBe("pending");
  expect(client.number("a", 0)).toBe(1);
  hub.socket().say(answer(1, { a: 2 }, ["b"]));
  expect(await identified).toBe(true);
  expect(client.allFlags()).toEqual({ a: 2 });
  expect(changes).toEqual([{ keys: ["a", "b"], version: 1, committedAt: null }]);
});

test("an answer that changes nothing resolves it too", async () => {
  const { client, hub } = await live({ a: 1 });
  const identified = client.identify(TWO);
  hub.socket().say(answer(1));
  expect(await identified).toBe(true);
});

test("a context like the one in force resolves without a word to the hub", async () => {
  const { client, hub } = await live({ a: 1 });
  expect(await client.identify({ ...ONE })).toBe(true);
  expect(hub.socket().take()).toEqual([]);
});

test("a change that was on its way before the answer is applied, but is not taken for the answer", async () => {
  const { client, hub } = await live({ a: 1 });
  const identified = client.identify(TWO);
  hub.socket().say(delta(2, { a: "one's" }));
  expect(await settled(identified)).toBe("pending");
  hub.socket().say(answer(2, { a: "two's" }));
  expect(await identified).toBe(true);
  expect(client.string("a", "")).toBe("two's");
});

test("of several contexts in a row the hub is asked for the first and the last", async () => {
  const { client, hub } = await live({ a: 1 });
  const identified = [
    client.identify(TWO),
    client.identify({ targetingKey: "skipped" }),
    client.identify(THREE),
  ];
  expect(hub.socket().take()).toEqual([[1, TWO]]);
  hub.socket().say(answer(1, { a: 2 }));
  expect(hub.socket().take()).toEqual([[1, THREE]]);
  expect(await settled(Promise.race(identified))).toBe("pending");
  hub.socket().say(answer(1, { a: 3 }));
  expect(await Promise.all(identified)).toEqual([true, true, true]);
  expect(client.number("a", 0)).toBe(3);
  expect(hub.socket().take()).toEqual([]);
});

test("going back to the first context while the second is asked waits for the first one's values", async () => {
  const { client, hub } = await live({ a: 1 });
  void client.identify(TWO);
  const back = client.identify(ONE);
  expect(await settled(back)).toBe("pending");
  hub.socket().say(answer(1, { a: 2 }));
  expect(hub.socket().take()).toEqual([
    [1, TWO],
    [1, ONE],
  ]);
  hub.socket().say(answer(1, { a: 1 }));
  expect(await back).toBe(true);
  expect(client.number("a", 0)).toBe(1);
});

test("a connection lost meanwhile does not resume the old values, and resolves with the snapshot", async () => {
  const { client, hub, clock } = await live({ a: 1 });
  const identified = client.identify(TWO);
  hub.socket().end(1006);
  expect(await settled(identified)).toBe("pending");
  nextSocket(hub, clock);
  hub.socket().open();
  expect(hub.socket().take()).toEqual([[0, KEY, null, TWO, SDK]]);
  hub.socket().say(welcome(1, 2));
  hub.socket().say(snapshot(1, { a: 2 }));
  expect(await identified).toBe(true);
  expect(hub.socket().take()).toEqual([]);
});

test("a connection lost after the answer resumes under the new context", async () => {
  const { client, hub, clock } = await live({ a: 1 });
  void client.identify(TWO);
  hub.socket().say(answer(1, { a: 2 }));
  hub.socket().end(1006);
  nextSocket(hub, clock);
  hub.socket().open();
  expect(hub.socket().take().at(-1)).toEqual([0, KEY, [EPOCH, 1], TWO, SDK]);
});

test("identify before the first connection travels with HELLO", async () => {
  const { client, hub } = await start();
  const identified = client.identify(TWO);
  hub.socket().open();
  expect(hub.socket().take()).toEqual([[0, KEY, null, TWO, SDK]]);
  hub.socket().say(welcome(1, 2));
  hub.socket().say(snapshot(1, { a: 2 }));
  expect(await identified).toBe(true);
});

test("identify between HELLO and the snapshot is asked after it", async () => {
  const { client, hub } = await start();
  hub.socket().open();
  hub.socket().say(welcome(1, 2));
  const identified = client.identify(TWO);
  expect(hub.socket().take()).toEqual([[0, KEY, null, ONE, SDK]]);
  hub.socket().say(snapshot(1, { a: 1 }));
  expect(hub.socket().take()).toEqual([[1, TWO]]);
  expect(await settled(identified)).toBe("pending");
  hub.socket().say(answer(1, { a: 2 }));
  expect(await identified).toBe(true);
});

test("a snapshot is not taken for the answer, which comes all the same", async () => {
  const { client, hub } = await live({ a: 1 });
  const identified = client.identify(TWO);
  hub.socket().say(snapshot(4, { a: "of either" }));
  expect(await settled(identified)).toBe("pending");
  hub.socket().say(answer(4, { a: 2 }));
  expect(await identified).toBe(true);
  expect(client.number("a", 0)).toBe(2);
});

test("values of a snapshot that may be of either context are neither kept nor resumed from", async () => {
  const storage = createFakeStorage();
  const { client, hub, clock } = await live({ a: 1 }, { storage });
  void client.identify(TWO);
  hub.socket().say(snapshot(4, { a: "of either" }));
  void client.identify(ONE);
  hub.socket().end(1006);
  nextSocket(hub, clock);
  hub.socket().open();
  expect(hub.socket().take()).toEqual([[0, KEY, null, ONE, SDK]]);
  client.close();
  expect((await start({ storage })).client.allFlags()).not.toHaveProperty("a", "of either");
});

describe("with values of both contexts kept, identify after HELLO waits for the hub", () => {
  const kept = async () => {
    const storage = createFakeStorage();
    const former = await live({ a: 1 }, { storage });
    void former.client.identify(TWO);
    former.clock.advance(1000);
    former.hub.socket().say(answer(1, { a: 2 }));
    former.client.close();
    const rig = await start({ storage });
    expect(rig.client.number("a", 0)).toBe(1);
    rig.hub.socket().open();
    expect(rig.hub.socket().take()).toEqual([[0, KEY, [EPOCH, 1], ONE, SDK]]);
    return rig;
  };

  test("before WELCOME", async () => {
    const { client, hub, errors } = await kept();
    const identified = client.identify(TWO);
    hub.socket().say(welcome(1, 0));
    expect(hub.socket().take()).toEqual([[1, TWO]]);
    hub.socket().say(answer(1, { a: 2 }));
    expect(await identified).toBe(true);
    expect(errors).toEqual([]);
  });

  test("before a delta from the version kept", async () => {
    const { client, hub } = await kept();
    hub.socket().say(welcome(2, 1));
    const identified = client.identify(TWO);
    hub.socket().say(delta(2, { a: "one's" }));
    expect(client.string("a", "")).toBe("one's");
    expect(await settled(identified)).toBe("pending");
    hub.socket().say(answer(2, { a: "two's" }));
    expect(await identified).toBe(true);
    expect(client.string("a", "")).toBe("two's");
  });

  test("before a snapshot", async () => {
    const { client, hub } = await kept();
    hub.socket().say(welcome(3, 2));
    const identified = client.identify(TWO);
    expect(await settled(identified)).toBe("pending");
    hub.socket().say(snapshot(3, { a: "one's" }));
    expect(await settled(identified)).toBe("pending");
    hub.socket().say(answer(3, { a: "two's" }));
    expect(await identified).toBe(true);
  });
});

test("identify from a listener is asked in its turn", async () => {
  const { client, hub } = await start();
  client.on("change:a", () => void client.identify(TWO));
  hub.socket().open();
  hub.socket().take();
  hub.socket().say(welcome(1, 2));
  hub.socket().say(snapshot(1, { a: 1 }));
  expect(hub.socket().take()).toEqual([[1, TWO]]);
  hub.socket().say(answer(1));
  expect(client.status).toBe("live");
});

test("identify resolves false when its time is over, when the client is closed and when it is stopped", async () => {
  const timed = await live({ a: 1 });
  const late = timed.client.identify(TWO, 300);
  timed.clock.advance(300);
  expect(await late).toBe(false);

  const closing = await live({ a: 1 });
  const closed = closing.client.identify(TWO);
  closing.client.close();
  expect(await closed).toBe(false);

  const stopping = await live({ a: 1 });
  const stopped = stopping.client.identify(TWO);
  stopping.hub.socket().end(4502);
  expect(await stopped).toBe(false);
});

test("the caller's object may be changed afterwards without effect", async () => {
  const { client, hub } = await live({ a: 1 });
  const context = { targetingKey: "user-2", tags: ["a"] };
  void client.identify(context);
  context.tags.push("b");
  expect(client.context).toEqual({ targetingKey: "user-2", tags: ["a"] });
  expect(hub.socket().take()).toEqual([[1, { targetingKey: "user-2", tags: ["a"] }]]);
});

test("attributes are sent as JSON has them", async () => {
  const { client, hub } = await live({ a: 1 });
  const since = new Date("2026-01-02T03:04:05Z");
  void client.identify({
    targetingKey: "u",
    since: since as unknown as string,
    gone: undefined,
    odd: Number.NaN,
  });
  expect(hub.socket().take()).toEqual([
    [1, { targetingKey: "u", since: "2026-01-02T03:04:05.000Z", odd: null }],
  ]);
});

const cycle: Record<string, unknown> = {};
cycle.self = cycle;
let deep: unknown = "leaf";
for (let i = 0; i < 40; i++) deep = { deeper: deep };

test.each([
  ["null", null],
  ["a list", []],
  ["a text", "user-1"],
  ["nothing", undefined],
  ["a targetingKey that is a number", { targetingKey: 5 }],
  ["one that contains itself", cycle],
  ["one that nests too deep", { deep }],
  ["one that is too large", { text: "x".repeat(15 * 1024) }],
])("what cannot be a context is an error and changes nothing: %s", async (_, context) => {
  const { client, hub, errors } = await live({ a: 1 });
  expect(await client.identify(context as never)).toBe(false);
  expect(errors).toMatchObject([{ code: "context", temporary: false }]);
  expect(client.context).toEqual(ONE);
  expect(hub.socket().take()).toEqual([]);
  expect(client.status).toBe("live");
});
