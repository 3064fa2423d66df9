import { describe, expect, test } from "vitest";
import type { ValueStorage } from "../src/types.js";
import { goLive, live, start } from "./support/client.js";
import { delta, EPOCH } from "./support/hub.js";
import { createFakePage } from "./support/page.js";

const MINUTES = 60_000;
/** A hub whose heartbeat is so slow that silence does not matter here. */
const keepAlive = (hub: { socket(): { say(frame: unknown[]): void } }) =>
  hub.socket().say([16, "c", EPOCH, 1, 0, 90_000]);

describe("a hidden page", () => {
  test("keeps its connection for five minutes, then lets it go, and comes back the moment it is shown", async () => {
    const page = createFakePage();
    const { client, hub, clock, statuses } = await live({ a: 1 }, { page });
    keepAlive(hub);
    page.hide();
    clock.advance(5 * MINUTES - 1);
    expect(client.status).toBe("live");
    clock.advance(1);
    expect(client.status).toBe("paused");
    expect(hub.socket().closedWith).toBe(1000);
    expect(client.number("a", 0)).toBe(1);
    clock.advance(60 * MINUTES);
    expect(hub.sockets.length).toBe(1);
    page.show();
    expect(hub.sockets.length).toBe(2);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toEqual([EPOCH, 1]);
    goLive({ hub }, 2, { a: 2 });
    expect(statuses).toEqual(["live", "paused", "connecting", "live"]);
  });

  test("that is shown in time keeps its connection", async () => {
    const page = createFakePage();
    const { client, hub, clock } = await live({}, { page });
    keepAlive(hub);
    for (let i = 0; i < 5; i++) {
      page.hide();
      clock.advance(4 * MINUTES);
      page.show();
      clock.advance(4 * MINUTES);
    }
    expect(client.status).toBe("live");
    expect(hub.sockets.length).toBe(1);
  });

  test("stays connected indefinitely if requested", async () => {
    const page = createFakePage();
    const { client, hub, clock } = await live({}, { page, hiddenTimeoutMs: Number.POSITIVE_INFINITY });
    keepAlive(hub);
    page.hide();
    clock.advance(1000 * MINUTES);
    expect(client.status).toBe("live");
  });

  test("opened in the background is counted from the start", async () => {
    const page = createFakePage("hidden");
    const { client, hub, clock } = await live({}, { page });
    keepAlive(hub);
    expect(client.status).toBe("live");
    clock.advance(5 * MINUTES);
    expect(client.status).toBe("paused");
  });

  test("that is waiting to reconnect stops trying after the same time", async () => {
    const page = createFakePage();
    const { client, hub, clock } = await start({ page });
    page.hide();
    for (let i = 0; i < 100 && client.status !== "paused"; i++) {
      hub.socket().end(1006);
      clock.advance(20_000);
    }
    const tried = hub.sockets.length;
    clock.advance(60 * MINUTES);
    expect(client.status).toBe("paused");
    expect(hub.sockets.length).toBe(tried);
  });

  test("keeps its last values at once: it may be gone without another word", async () => {
    const items = new Map<string, string>();
    const storage: ValueStorage = {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    };
    const page = createFakePage();
    const { hub } = await live({ a: 1 }, { page, storage });
    hub.socket().say(delta(2, { a: 2 }));
    page.hide();
    const next = await start({ storage });
    expect(next.client.number("a", 0)).toBe(2);
  });
});

describe("a client that waits to reconnect", () => {
  test.each(["show", "online"] as const)("tries at once on %s", async (event) => {
    const page = createFakePage();
    const { hub } = await live({}, { page, random: () => 0.999 });
    hub.socket().end(1006);
    expect(hub.sockets.length).toBe(1);
    page[event]();
    expect(hub.sockets.length).toBe(2);
    page[event]();
    expect(hub.sockets.length).toBe(2);
  });

  test("does not forget a GOAWAY over it", async () => {
    const page = createFakePage();
    const { hub, clock } = await live({}, { page });
    hub.socket().say([21, 3000, 3000]);
    hub.socket().end(4000);
    page.show();
    expect(hub.sockets.length).toBe(1);
    clock.advance(3000);
    expect(hub.sockets.length).toBe(2);
  });

  test("does not forget a GOAWAY over a pause within its time", async () => {
    const page = createFakePage();
    const { client, hub, clock } = await live({}, { page, hiddenTimeoutMs: 1000 });
    hub.socket().say([21, 3000, 3000]);
    page.hide();
    clock.advance(1000);
    expect(client.status).toBe("paused");
    page.show();
    clock.advance(1999);
    expect(hub.sockets.length).toBe(1);
    clock.advance(1);
    expect(hub.sockets.length).toBe(2);
  });

  test("is not woken by the network while it is paused", async () => {
    const page = createFakePage();
    const { client, hub, clock } = await live({}, { page });
    keepAlive(hub);
    page.hide();
    clock.advance(5 * MINUTES);
    page.online();
    expect(hub.sockets.length).toBe(1);
    expect(client.status).toBe("paused");
  });
});

test("a client that was refused tries again when the page is shown", async () => {
  const page = createFakePage();
  const { client, hub } = await live({}, { page });
  hub.socket().end(4502);
  expect(client.status).toBe("stopped");
  page.hide();
  page.show();
  expect(hub.sockets.length).toBe(2);
  expect(client.status).toBe("stopped");
});

test("a client that is closed watches the page no more", async () => {
  const page = createFakePage();
  const { client, hub, clock } = await live({}, { page });
  expect(page.listeners()).toBe(2);
  client.close();
  expect(client.status).toBe("closed");
  expect(page.listeners()).toBe(0);
  page.hide();
  page.show();
  expect(hub.sockets.length).toBe(1);
  expect(clock.pending()).toBe(0);
});
