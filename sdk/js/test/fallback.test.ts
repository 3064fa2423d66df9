// The way to the hub where sockets are not let through, against an OFREP that the test scripts.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { backoff } from "../src/backoff.js";
import { PROBE_MS } from "../src/sse/fallback.js";
import { ANSWER_TIMEOUT_MS } from "../src/sse/socket.js";
import type { ClientOptions } from "../src/types.js";
import { FLUSH_MS } from "../src/usage/usage.js";
import type { Rig } from "./support/client.js";
import { goLive, KEY, nextSocket, settled, start, turn } from "./support/client.js";
import { createFakeBrowser } from "./support/tabs.js";

interface Asked {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: { readonly context?: object; readonly key?: string; readonly id?: string };
  readonly signal: AbortSignal | undefined;
  answer(status: number, body?: object, headers?: Record<string, string>): Promise<void>;
  fail(): Promise<void>;
}

/** Requests that wait for their answer. */
let asked: Asked[] = [];
let streams: FakeEventSource[] = [];

class FakeEventSource extends EventTarget {
  readonly CLOSED = 2;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;

  constructor(url: URL) {
    super();
    this.url = url.href;
    streams.push(this);
  }

  close(): void {
    this.readyState = this.CLOSED;
  }

  beat(): void {
    this.dispatchEvent(new Event("heartbeat"));
  }

  notice(): void {
    this.onmessage?.({ data: JSON.stringify({ type: "refetchEvaluation" }) });
  }
}

beforeEach(() => {
  asked = [];
  streams = [];
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    return new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      asked.push({
        url,
        headers: init.headers as Record<string, string>,
        body: JSON.parse(init.body as string),
        signal: init.signal ?? undefined,
        async answer(status, body, headers = {}) {
          resolve(new Response(body ? JSON.stringify(body) : null, { status, headers }));
          await settle();
        },
        async fail() {
          reject(new TypeError("failed to fetch"));
          await settle();
        },
      });
    });
  });
});

afterEach(() => vi.unstubAllGlobals());

/** Lets a response be read, which takes more than a turn. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await turn();
}

function request(): Asked {
  const next = asked.shift();
  if (!next) throw new Error("nothing was asked");
  return next;
}

function stream(): FakeEventSource {
  const last = streams.at(-1);
  if (!last) throw new Error("no stream was opened");
  return last;
}

const STREAMS = [{ type: "sse", url: "http://hub.test:6001/ofrep/v1/events?key=x" }];

/** As a hub answers whose streams have heartbeats. */
function beating(values: Record<string, unknown>, heartbeatSeconds: number): object {
  const eventStreams = STREAMS.map((each) => ({ ...each, heartbeatSeconds }));
  return { ...evaluation(values), eventStreams };
}

function evaluation(values: Record<string, unknown>, version = 1): object {
  const flags = Object.entries(values).map(([key, value]) => ({
    key,
    value,
    variant: `v-${value}`,
    reason: "STATIC",
    metadata: { flagVersion: version },
  }));
  return { flags, metadata: { version }, eventStreams: STREAMS };
}

/** A client whose sockets never open, and whose next attempt is made over HTTP. */
async function blocked(options: Partial<ClientOptions> = {}): Promise<Rig> {
  const rig = await start(options);
  for (let i = 0; i < 2; i++) {
    rig.hub.socket().end();
    nextSocket(rig.hub, rig.clock);
  }
  rig.hub.socket().end();
  await vi.dynamicImportSettled();
  await settle();
  await passBackoff(rig, 2);
  return rig;
}

/** Waits as long as the client does before its `n`th reconnect in a row, and no longer. */
async function passBackoff({ clock }: Rig, n: number): Promise<void> {
  clock.advance(backoff(n, () => 0.5));
  await settle();
}

/** A client that has its values over HTTP. */
async function overHttp(values: Record<string, unknown>, options: Partial<ClientOptions> = {}): Promise<Rig> {
  const rig = await blocked(options);
  await request().answer(200, evaluation(values), { etag: '"1"' });
  stream().onopen?.();
  await request().answer(304);
  return rig;
}

describe("where no socket opens", () => {
  test("values are fetched with the key and the context", async () => {
    const { client } = await blocked();
    expect(client.status).toBe("reconnecting");
    const bulk = request();
    expect(bulk.url).toBe("http://hub.test:6001/ofrep/v1/evaluate/flags");
    expect(bulk.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(bulk.body).toEqual({ context: { targetingKey: "user-1" } });
    await bulk.answer(200, evaluation({ on: true }, 7));
    expect(client.status).toBe("live");
    expect(client.version).toBe(7);
    expect(client.detail("on", false)).toEqual({
      value: true,
      variation: "v-true",
      reason: "STATIC",
      flagVersion: 7,
    });
  });

  test("a flag that serves nothing and one that cannot be evaluated are what they are over a socket", async () => {
    const { client } = await blocked();
    const flags = [
      { key: "off", reason: "DISABLED" },
      { key: "broken", errorCode: "GENERAL" },
    ];
    await request().answer(200, { flags, eventStreams: STREAMS });
    expect(client.detail("off", true)).toMatchObject({ value: true, variation: null, reason: "DISABLED" });
    expect(client.detail("broken", true)).toMatchObject({ value: true, errorCode: "GENERAL" });
  });

  test("a change is fetched when the hub announces it, but not if the ETag is unchanged", async () => {
    const { client } = await overHttp({ on: true });
    const changes: unknown[] = [];
    client.on("change", (change) => changes.push(change));
    stream().notice();
    const again = request();
    expect(again.headers["if-none-match"]).toBe('"1"');
    await again.answer(200, evaluation({ on: false }, 2), { etag: '"2"' });
    expect(changes).toEqual([{ keys: ["on"], version: 2, committedAt: null }]);
    stream().notice();
    await request().answer(304);
    expect(client.bool("on", true)).toBe(false);
    expect(changes).toHaveLength(1);
  });

  test("what changed while the event stream was away is fetched when it is back", async () => {
    const { client } = await overHttp({ on: true });
    stream().onerror?.();
    stream().onopen?.();
    await request().answer(200, evaluation({ on: false }, 2));
    expect(client.bool("on", true)).toBe(false);
  });

  test("identify resolves with the values of the new context, and an answer for the old one is not used", async () => {
    const { client } = await overHttp({ on: true });
    stream().notice();
    const old = request();
    const identified = client.identify({ targetingKey: "user-2" });
    await settle();
    expect(old.signal?.aborted).toBe(true);
    const bulk = request();
    expect(bulk.body.context).toEqual({ targetingKey: "user-2" });
    expect(bulk.headers["if-none-match"]).toBeUndefined();
    expect(await settled(identified)).toBe("pending");
    await bulk.answer(200, evaluation({ on: false }));
    expect(await settled(identified)).toBe(true);
    expect(client.bool("on", true)).toBe(false);
  });

  test("identify resolves too where nothing is different", async () => {
    const { client } = await overHttp({ on: true });
    const identified = client.identify({ targetingKey: "user-2" });
    await settle();
    await request().answer(200, evaluation({ on: true }));
    expect(await settled(identified)).toBe(true);
  });

  test("a key that the hub refuses stops the client", async () => {
    const { client, errors } = await blocked();
    await request().answer(401, { errorDetails: "no such key" });
    expect(client.status).toBe("stopped");
    expect(errors).toEqual([{ code: 4501, message: "no such key", temporary: false }]);
  });

  test.each([
    [401, undefined],
    [401, { message: "log in first" }],
    [403, undefined],
    [403, { error: "forbidden" }],
  ])("a %d that does not come from a hub does not stop the client: %j", async (status, body) => {
    const { client, errors } = await blocked();
    await request().answer(status, body);
    expect(client.status).toBe("reconnecting");
    // Only why there is no connection is told, not that the client is refused.
    await settle();
    expect(errors.every(({ code, temporary }) => code === "unreachable" && temporary)).toBe(true);
  });

  test.each([{}, { flags: [] }, { eventStreams: STREAMS }, []])(
    "an answer that is not the hub's changes nothing: %j",
    async (body) => {
      const { client } = await overHttp({ on: true });
      stream().notice();
      await request().answer(200, body);
      expect(client.status).toBe("reconnecting");
      expect(client.bool("on", false)).toBe(true);
    },
  );

  test("an event stream that falls silent without closing is given up after two and a half heartbeats", async () => {
    const { client, clock } = await blocked();
    await request().answer(200, beating({ on: true }, 20));
    clock.advance(49_999);
    expect(client.status).toBe("live");
    clock.advance(1);
    expect(client.status).toBe("reconnecting");
    expect(stream().readyState).toBe(2);
    expect(client.bool("on", false)).toBe(true);
  });

  test("an event stream with heartbeats stays", async () => {
    const { client, clock } = await blocked();
    await request().answer(200, beating({ on: true }, 20));
    for (let beat = 0; beat < 20; beat++) {
      clock.advance(20_000);
      stream().beat();
    }
    expect(client.status).toBe("live");
    expect(streams).toHaveLength(1);
  });

  test("a request that is never answered is given up, whatever the event stream does", async () => {
    const { client, clock } = await overHttp({ on: true });
    stream().notice();
    clock.advance(ANSWER_TIMEOUT_MS - 1);
    expect(client.status).toBe("live");
    clock.advance(1);
    expect(client.status).toBe("reconnecting");
    expect(request().signal?.aborted).toBe(true);
  });

  test("a hub that is busy is left alone for the time it asks for", async () => {
    const { client, hub, clock } = await blocked();
    const before = hub.sockets.length;
    await request().answer(503, undefined, { "retry-after": "30" });
    expect(client.status).toBe("reconnecting");
    clock.advance(29_999);
    expect(hub.sockets.length).toBe(before);
    clock.advance(16_000);
    expect(hub.sockets.length).toBe(before + 1);
  });

  test("where that fails as well, sockets and HTTP take turns, the last values being served", async () => {
    const rig = await overHttp({ on: true });
    stream().readyState = 2;
    stream().onerror?.();
    expect(rig.client.status).toBe("reconnecting");
    nextSocket(rig.hub, rig.clock);
    rig.hub.socket().end();
    await passBackoff(rig, 4);
    await request().fail();
    nextSocket(rig.hub, rig.clock);
    expect(rig.client.bool("on", false)).toBe(true);
  });

  test("usage is posted, and said again under its id until it is taken", async () => {
    const { client, clock } = await overHttp({ on: true }, { usage: true });
    await vi.dynamicImportSettled();
    client.bool("on", false);
    clock.advance(FLUSH_MS);
    const post = request();
    expect(post.url).toBe("http://hub.test:6001/sdk/v1/events");
    expect(post.body).toMatchObject({ key: KEY, counts: [["on", 1, "v-true", "STATIC", 1]] });
    await post.fail();
    clock.advance(FLUSH_MS);
    const again = request();
    expect(again.body.id).toBe(post.body.id);
    await again.answer(202);
    clock.advance(FLUSH_MS);
    expect(asked).toEqual([]);
  });

  test("closing ends the event stream and every timer", async () => {
    const { client, clock } = await overHttp({ on: true });
    client.close();
    expect(stream().readyState).toBe(2);
    expect(clock.pending()).toBe(0);
  });
});

describe("tabs of one browser", () => {
  test("share one event stream, and another takes over when the tab that has it goes", async () => {
    const { locks, BroadcastChannel } = createFakeBrowser();
    vi.stubGlobal("navigator", { locks });
    vi.stubGlobal("BroadcastChannel", BroadcastChannel);
    const first = await blocked();
    await request().answer(200, evaluation({ on: true }));
    const second = await blocked();
    expect(asked).toEqual([]);
    expect(streams).toHaveLength(1);
    expect(second.client.status).toBe("live");
    expect(second.client.bool("on", false)).toBe(true);

    stream().notice();
    await request().answer(200, evaluation({ on: false }, 2));
    expect(first.client.bool("on", true)).toBe(false);
    expect(second.client.bool("on", true)).toBe(false);

    first.client.close();
    await settle();
    await request().answer(200, evaluation({ on: true }, 3));
    expect(streams).toHaveLength(2);
    expect(second.client.status).toBe("live");
    expect(second.client.bool("on", false)).toBe(true);
  });
});

describe("the way back", () => {
  test("a socket is tried every minute or so; once one opens, the client moves to it", async () => {
    const rig = await overHttp({ on: true });
    const { client, hub, clock } = rig;
    const before = hub.sockets.length;
    clock.advance(PROBE_MS);
    expect(hub.sockets.length).toBe(before + 1);
    hub.socket().end();
    expect(client.status).toBe("live");

    clock.advance(PROBE_MS);
    hub.socket().open();
    expect(hub.socket().closedWith).toBe(1000);
    clock.advance(0);
    expect(hub.sockets.length).toBe(before + 3);
    expect(stream().readyState).toBe(2);
    expect(client.bool("on", false)).toBe(true);
    goLive(rig, 3, { on: false });
    expect(client.status).toBe("live");
    expect(client.bool("on", true)).toBe(false);
    clock.advance(10_000);
    expect(hub.sockets.length).toBe(before + 3);
  });

  test("a socket that comes to its WELCOME in its turn ends the turns", async () => {
    const rig = await blocked();
    await request().fail();
    nextSocket(rig.hub, rig.clock);
    goLive(rig, 1, { on: true });
    rig.hub.socket().end();
    nextSocket(rig.hub, rig.clock);
    expect(asked).toEqual([]);
  });
});
