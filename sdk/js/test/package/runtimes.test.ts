// Runtimes that have neither a browser's globals nor Node's: the SDK is bundled as their applications bundle it, and runs
// in a context of its own that has only what they have.
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, test, vi } from "vitest";
import type * as sdk from "../../src/index.js";
import type { FlagClient } from "../../src/index.js";
import type * as reactNative from "../../src/react-native/index.js";
import type * as worker from "../../src/worker/index.js";
import { until } from "../support/binary.js";
import { createFakeClock } from "../support/clock.js";
import { createFakeHub, delta, snapshot, welcome } from "../support/hub.js";
import { rules } from "../support/server.js";

const SOURCES = new URL("../../src/", import.meta.url).pathname;

/** What both have, as they have it. */
const COMMON = { console, queueMicrotask, setTimeout, clearTimeout, performance, TextEncoder, TextDecoder };

/** The exports of modules, run where there are only these globals. */
async function load<Exports>(modules: readonly string[], globals: object): Promise<Exports> {
  const bundled = await build({
    stdin: {
      contents: modules.map((name) => `export * from "./${name}/index.js";`).join("\n"),
      resolveDir: SOURCES,
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "exported",
    // Fails for a module of Node's.
    platform: "neutral",
    target: "es2022",
  });
  const context = createContext({ ...COMMON, ...globals });
  runInContext(bundled.outputFiles[0]?.text ?? "", context);
  return (context as { exported: Exports }).exported;
}

/** An application's state, as React Native tells it. */
function createAppState() {
  const listeners = new Set<() => void>();
  return {
    currentState: "active",
    addEventListener(_: "change", listener: () => void) {
      listeners.add(listener);
      return { remove: () => void listeners.delete(listener) };
    },
    become(state: string) {
      this.currentState = state;
      for (const listener of listeners) listener();
    },
    listeners: () => listeners.size,
  };
}

test("React Native: no document, no location, no crypto, no BroadcastChannel, no URL whose parts can be set", async () => {
  const hub = createFakeHub();
  const clock = createFakeClock();
  const appState = createAppState();
  const { createClient, appStatePage } = await load<typeof sdk & typeof reactNative>([".", "react-native"], {
    WebSocket: hub.WebSocket,
    navigator: { product: "ReactNative" },
    URL: undefined,
  });
  const client: FlagClient = createClient({
    key: "pbc_test",
    url: "https://flags.test",
    anonymous: true,
    page: appStatePage(appState),
    clock,
  });
  await until(() => hub.sockets.length === 1, "a socket");
  expect(hub.socket().url).toBe("wss://flags.test/sdk/v1/stream");
  hub.socket().open();
  const { targetingKey } = client.context;
  expect(targetingKey).toMatch(/^[0-9a-z]{12,}$/);
  hub.socket().say(welcome(1, 2, { heartbeat: 0 }));
  hub.socket().say(snapshot(1, { checkout: true, banner: "Välkommen 👋" }));
  expect(client.status).toBe("live");
  expect(client.string("banner", "")).toBe("Välkommen 👋");

  const changed = vi.fn();
  client.on("change:checkout", changed);
  hub.socket().say(delta(2, { checkout: false }));
  expect(changed).toHaveBeenCalledOnce();
  hub.socket().take();

  // Usage is loaded once values are in, and says what was read.
  client.track("purchase", 12.5);
  await until(() => {
    clock.advance(12_000);
    return hub.socket().received.length > 0;
  }, "usage to be told");
  expect(hub.socket().take()).toEqual([
    [3, expect.objectContaining({ events: [expect.objectContaining({ value: 12.5 })] })],
  ]);

  appState.become("inactive");
  clock.advance(600_000);
  expect(client.status).not.toBe("paused");
  appState.become("background");
  clock.advance(300_000);
  expect(client.status).toBe("paused");
  appState.become("active");
  expect(client.status).toBe("connecting");
  client.close();
  expect(appState.listeners()).toBe(0);
});

test("workers: no node modules, no document, no socket: rules come by fetch", async () => {
  const ruleset = { epoch: "e", version: 3, flags: { checkout: rules(true) }, segments: {} };
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(new Response(JSON.stringify(ruleset))));
  const { createWorkerClient } = await load<typeof worker>(["worker"], {
    fetch,
    URL,
    Response,
    AbortSignal,
    crypto,
  });
  const client = createWorkerClient({ key: "pbs_test", url: "https://flags.test" });
  expect(await client.refresh()).toBe(true);
  expect(client.bool("checkout", false, { targetingKey: "user-1", country: "SE" })).toBe(true);
  client.track("purchase");
  await client.flush();
  expect(fetch.mock.calls.map(([url]) => url)).toEqual([
    "https://flags.test/sdk/v1/ruleset",
    "https://flags.test/sdk/v1/events",
  ]);
});
