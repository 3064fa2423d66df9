import { afterEach, describe, expect, test, vi } from "vitest";
import { createClient } from "../src/index.js";
import type { ClientError, ClientOptions } from "../src/types.js";
import { goLive, turn } from "./support/client.js";
import { createFakeHub } from "./support/hub.js";

const hub = createFakeHub();
const valid: ClientOptions = {
  key: "pbc_x",
  url: "wss://flags.test",
  WebSocket: hub.WebSocket,
  storage: null,
};

afterEach(() => vi.unstubAllGlobals());

describe("options that can never work are refused with a word on what to change", () => {
  test.each([
    ["no key", { key: undefined }, "`key` must be a client key"],
    ["an empty key", { key: "" }, "`key` must be a client key"],
    ["a server key, which is secret", { key: "pbs_secret" }, "`key` must be a client key"],
    ["no address", { url: undefined }, "`url` must be"],
    ["an address that is none", { url: "hub" }, "`url` must be"],
    ["an address of another scheme", { url: "ftp://flags.test" }, "`url` must be"],
  ])("%s", (_, wrong, message) => {
    expect(() => createClient({ ...valid, ...(wrong as object) })).toThrow(message);
  });

  test.each([undefined, "hub", "/sdk/v1/stream"])(
    "in a page an address is not taken from the page's: %s",
    (url) => {
      vi.stubGlobal("location", new URL("https://shop.test/cart"));
      expect(() => createClient({ ...valid, url: url as string })).toThrow("`url` must be");
    },
  );

  test("no socket", () => {
    vi.stubGlobal("WebSocket", undefined);
    const { WebSocket: _, ...rest } = valid;
    expect(() => createClient(rest)).toThrow("no global WebSocket");
  });

  test("a server key is not repeated in the message", () => {
    expect(() => createClient({ ...valid, key: "pbs_secret" })).toThrow(/^(?!.*pbs_secret)/);
  });
});

describe("a context that depends on the visitor never throws", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;

  test.each([
    ["a text", "user-1", "`context` must be an object"],
    ["a targetingKey that is a number", { targetingKey: 5 }, "`targetingKey` must be a string"],
    ["one that is too large", { text: "x".repeat(16_000) }, "under 15 KiB"],
    ["one that contains itself", cycle, "circular"],
    ["one with a BigInt", { id: 5n }, "BigInt"],
  ])("%s: an error is reported, and defaults are served", async (_, context, message) => {
    const own = createFakeHub();
    const bootstrap = { banner: "of somebody else" };
    const client = createClient({ ...valid, WebSocket: own.WebSocket, bootstrap, context: context as never });
    const errors: ClientError[] = [];
    client.on("error", (error) => errors.push(error));
    expect(client.string("banner", "default")).toBe("default");
    expect(client.context).toEqual({});
    expect(await client.ready()).toBe(false);
    expect(errors).toEqual([
      { code: "context", message: expect.stringContaining(message), temporary: false },
    ]);
    // There is no one to ask for, also once the page is shown again.
    expect(client.status).toBe("paused");
    expect(own.sockets).toEqual([]);

    const identified = client.identify({ targetingKey: "5" });
    goLive({ hub: own }, 1, { banner: "hello" });
    expect(await identified).toBe(true);
    expect(client.string("banner", "default")).toBe("hello");
    expect(client.status).toBe("live");
    client.close();
  });

  test("without a listener the error is printed", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
    createClient({ ...valid, context: { targetingKey: 5 } as never }).close();
    await turn();
    expect(printed).toHaveBeenCalledWith("peekaboo:", expect.stringContaining("`targetingKey`"));
    printed.mockRestore();
  });
});

describe("the address is completed", () => {
  test.each([
    ["wss://flags.test/sdk/v1/stream", "wss://flags.test/sdk/v1/stream"],
    ["wss://flags.test", "wss://flags.test/sdk/v1/stream"],
    ["https://flags.test", "wss://flags.test/sdk/v1/stream"],
    ["http://127.0.0.1:6001/", "ws://127.0.0.1:6001/sdk/v1/stream"],
    ["https://example.com/flags/sdk/v1/stream", "wss://example.com/flags/sdk/v1/stream"],
  ])("%s → %s", async (url, completed) => {
    const client = createClient({ ...valid, url });
    await turn();
    expect(hub.socket().url).toBe(completed);
    client.close();
  });
});

test("the global WebSocket is used where there is one", async () => {
  const global = createFakeHub();
  vi.stubGlobal("WebSocket", global.WebSocket);
  const { WebSocket: _, ...rest } = valid;
  const client = createClient(rest);
  await turn();
  expect(global.sockets.length).toBe(1);
  client.close();
});

test("a page's localStorage is used where there is one, and done without where it is blocked", () => {
  const items = new Map([["k", "v"]]);
  const getItem = vi.fn((key: string) => items.get(key) ?? null);
  const page = { visibilityState: "visible", addEventListener: vi.fn(), removeEventListener: vi.fn() };
  vi.stubGlobal("document", page);
  vi.stubGlobal("localStorage", { getItem, setItem: vi.fn(), removeItem: vi.fn() });
  const { storage: _, ...rest } = valid;
  createClient(rest).close();
  expect(getItem).toHaveBeenCalledOnce();
  expect(page.addEventListener).toHaveBeenCalledOnce();

  vi.unstubAllGlobals();
  vi.stubGlobal("document", page);
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() {
      throw new DOMException("blocked", "SecurityError");
    },
  });
  try {
    expect(() => createClient(rest).close()).not.toThrow();
  } finally {
    Reflect.deleteProperty(globalThis, "localStorage");
  }
});

test("times that no timer can wait for are never over", async () => {
  vi.useFakeTimers();
  const client = createClient(valid);
  const ready = client.ready(Number.POSITIVE_INFINITY);
  const later = client.ready(2 ** 40);
  let done = false;
  void Promise.race([ready, later]).then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(5000);
  expect(done).toBe(false);
  client.close();
  expect(await ready).toBe(false);
  vi.useRealTimers();
});
