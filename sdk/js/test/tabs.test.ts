// Several clients in one browser that share a connection.
import { describe, expect, test, vi } from "vitest";
import { shareTabs } from "../src/tabs/index.js";
import { ANSWER_MS } from "../src/tabs/socket.js";
import type { ClientOptions } from "../src/types.js";
import { FLUSH_MS } from "../src/usage/usage.js";
import type { Rig } from "./support/client.js";
import { goLive, settled, start, turn } from "./support/client.js";
import type { FakeClock } from "./support/clock.js";
import { createFakeClock } from "./support/clock.js";
import type { FakeHub } from "./support/hub.js";
import { createFakeHub, delta, EPOCH, snapshot, welcome } from "./support/hub.js";
import type { FakeBrowser } from "./support/tabs.js";
import { createFakeBrowser } from "./support/tabs.js";

interface Tabs {
  readonly hub: FakeHub;
  readonly clock: FakeClock;
  readonly browser: FakeBrowser;
  /** Opens another tab. */
  open(options?: Partial<ClientOptions>): Promise<Rig>;
}

function createTabs(): Tabs {
  const hub = createFakeHub();
  const clock = createFakeClock();
  const browser = createFakeBrowser();
  return {
    hub,
    clock,
    browser,
    async open(options) {
      const WebSocket = shareTabs({ ...browser, WebSocket: hub.WebSocket, clock });
      const rig = await start({ WebSocket, clock, ...options }, hub);
      await pass();
      return { ...rig, clock };
    },
  };
}

/** Lets tabs speak, and speak again. */
async function pass(): Promise<void> {
  for (let i = 0; i < 6; i++) await turn();
}

/** Two tabs, the first of which leads, live with these values at version 1. */
async function two(values: Record<string, unknown>): Promise<Tabs & { first: Rig; second: Rig }> {
  const tabs = createTabs();
  const first = await tabs.open();
  goLive(tabs, 1, values);
  const second = await tabs.open();
  return { ...tabs, first, second };
}

describe("tabs of one hub, key and context", () => {
  test("share one connection", async () => {
    const { hub, first, second } = await two({ on: true });
    expect(hub.sockets).toHaveLength(1);
    expect(first.client.status).toBe("live");
    expect(second.client.status).toBe("live");
    expect(second.client.detail("on", false)).toEqual(first.client.detail("on", false));
    expect(second.client.version).toBe(1);
  });

  test("hear every change, once", async () => {
    const { hub, first, second } = await two({ on: true });
    const changes: unknown[] = [];
    second.client.on("change", (change) => changes.push(change));
    hub.socket().say(delta(2, { on: false }));
    await pass();
    expect(first.client.bool("on", true)).toBe(false);
    expect(second.client.bool("on", true)).toBe(false);
    expect(changes).toMatchObject([{ keys: ["on"], version: 2 }]);
  });

  test("that open before the hub has answered get the values when it does", async () => {
    const tabs = createTabs();
    await tabs.open();
    const second = await tabs.open();
    tabs.clock.advance(ANSWER_MS);
    expect(tabs.hub.sockets).toHaveLength(1);
    goLive(tabs, 1, { on: true });
    await pass();
    expect(second.client.status).toBe("live");
    expect(second.client.bool("on", false)).toBe(true);
  });

  test("go on without a lost change when the one that leads is closed", async () => {
    const { hub, first, second } = await two({ on: true, count: 1 });
    hub.socket().say(delta(2, { count: 2 }));
    await pass();
    first.client.close();
    await pass();
    expect(hub.sockets).toHaveLength(2);
    hub.socket().open();
    expect(hub.socket().take()[0]).toMatchObject([
      0,
      "pbc_test",
      [EPOCH, 2],
      { targetingKey: "user-1" },
      "js/0.1.0",
    ]);
    hub.socket().say(welcome(3, 1));
    hub.socket().say(delta(3, { on: false }));
    await pass();
    expect(second.client.status).toBe("live");
    expect(second.statuses).toEqual(["live"]);
    expect(second.client.bool("on", true)).toBe(false);
    expect(second.client.number("count", 0)).toBe(2);
  });

  test("a third tab follows the next leader", async () => {
    const { hub, open, first, second } = await two({ on: true });
    const third = await open();
    first.client.close();
    await pass();
    hub.socket().open();
    hub.socket().say(welcome(2, 1));
    hub.socket().say(delta(2, { on: false }));
    await pass();
    hub.socket().say(delta(3, { on: true }));
    await pass();
    expect(hub.sockets).toHaveLength(2);
    expect([second, third].map(({ client }) => [client.version, client.bool("on", false)])).toEqual([
      [3, true],
      [3, true],
    ]);
  });

  test("the next tab resumes a broken connection from the same version", async () => {
    const { hub, first, second, clock } = await two({ on: true });
    hub.socket().end();
    await pass();
    expect(first.client.status).toBe("reconnecting");
    expect(hub.sockets).toHaveLength(2);
    hub.socket().open();
    hub.socket().say(welcome(1, 0));
    await pass();
    clock.advance(1000);
    await pass();
    expect(hub.sockets).toHaveLength(2);
    expect(first.client.status).toBe("live");
    expect(second.client.status).toBe("live");
  });

  test("all leave a hub that is going, each at a time of its own", async () => {
    const { hub, clock, second } = await two({ on: true });
    hub.socket().say([21, 10_000, 20_000]);
    await pass();
    hub.socket().end(4000);
    await pass();
    expect(hub.sockets).toHaveLength(1);
    expect(second.client.status).toBe("reconnecting");
    clock.advance(15_000);
    await pass();
    expect(hub.sockets).toHaveLength(2);
  });

  test("tell usage through the one connection, and hear of its arrival", async () => {
    const { hub, open, clock } = await two({ on: true });
    const third = await open({ usage: true });
    await vi.dynamicImportSettled();
    await pass();
    hub.socket().take();
    third.client.bool("on", false);
    clock.advance(FLUSH_MS);
    await pass();
    const [frame] = hub.socket().take();
    expect(frame).toMatchObject([3, { counts: [["on", 1, "v-true", "STATIC", 1]] }]);
    hub.socket().say([19, (frame as [number, { id: string }])[1].id]);
    await pass();
    clock.advance(FLUSH_MS);
    await pass();
    expect(hub.socket().take()).toEqual([]);
  });
});

describe("tabs apart", () => {
  test("of another context have a connection of their own", async () => {
    const { hub, open } = await two({ on: true });
    await open({ context: { targetingKey: "user-2" } });
    expect(hub.sockets).toHaveLength(2);
  });

  test("identify moves a tab to those of the other context, and back", async () => {
    const { hub, second } = await two({ on: true });
    const identified = second.client.identify({ targetingKey: "user-2" });
    await pass();
    expect(hub.sockets).toHaveLength(2);
    expect(await settled(identified)).toBe("pending");
    hub.socket().open();
    expect(hub.socket().take()[0]?.[3]).toEqual({ targetingKey: "user-2" });
    hub.socket().say(welcome(1, 2));
    hub.socket().say(snapshot(1, { on: false }));
    await pass();
    expect(await settled(identified)).toBe(true);
    expect(second.client.bool("on", true)).toBe(false);

    const back = second.client.identify({ targetingKey: "user-1" });
    await pass();
    expect(await settled(back)).toBe(true);
    expect(hub.sockets).toHaveLength(2);
    expect(hub.sockets[1]?.closedWith).toBe(1000);
    expect(second.client.bool("on", false)).toBe(true);
    expect(second.statuses).toEqual(["live"]);
  });

  test("one that leads may identify as well; who followed it goes on", async () => {
    const { hub, first, second } = await two({ on: true });
    void first.client.identify({ targetingKey: "user-2" });
    await pass();
    expect(hub.sockets[0]?.closedWith).toBe(1000);
    expect(hub.sockets).toHaveLength(3);
    for (const [i, socket] of hub.sockets.slice(1).entries()) {
      socket.open();
      socket.say(welcome(1, 2));
      socket.say(snapshot(1, { on: i === 0 }));
    }
    await pass();
    expect([first.client.bool("on", false), second.client.bool("on", false)].sort()).toEqual([false, true]);
    expect([first.client.status, second.client.status]).toEqual(["live", "live"]);
  });

  test("one that hears no answer connects by itself", async () => {
    const { hub, browser, open, clock } = await two({ on: true });
    browser.mute();
    const deaf = await open();
    expect(hub.sockets).toHaveLength(1);
    clock.advance(ANSWER_MS);
    await pass();
    expect(hub.sockets).toHaveLength(2);
    goLive({ hub }, 1, { on: true });
    expect(deaf.client.status).toBe("live");
  });

  test("without Web Locks or BroadcastChannel each has a connection of its own", () => {
    const { WebSocket } = createFakeHub();
    const browser = createFakeBrowser();
    expect(shareTabs({ ...browser, WebSocket, locks: undefined })).toBe(WebSocket);
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("BroadcastChannel", undefined);
    expect(shareTabs({ WebSocket })).toBe(WebSocket);
    vi.unstubAllGlobals();
  });
});

test("a refused key stops every tab", async () => {
  const { hub, first, second } = await two({ on: true });
  hub.socket().end(4502, "revoked");
  await pass();
  expect(first.client.status).toBe("stopped");
  hub.socket().open();
  hub.socket().end(4502, "revoked");
  await pass();
  expect(second.client.status).toBe("stopped");
});

test("closing leaves no lock, no timer and no socket behind", async () => {
  const { hub, first, second, clock, browser } = await two({ on: true });
  second.client.close();
  first.client.close();
  await pass();
  expect(browser.queued()).toBe(0);
  expect(clock.pending()).toBe(0);
  expect(hub.socket().closedWith).toBe(1000);
});

test("a tab that reconnects resumes from what it has", async () => {
  const tabs = createTabs();
  const { client, clock } = await tabs.open();
  goLive(tabs, 4, { on: true });
  await pass();
  tabs.hub.socket().end();
  await pass();
  clock.advance(1000);
  await pass();
  tabs.hub.socket().open();
  expect(tabs.hub.socket().take()[0]?.[2]).toEqual([EPOCH, 4]);
  tabs.hub.socket().say(welcome(4, 0));
  expect(client.status).toBe("live");
});
