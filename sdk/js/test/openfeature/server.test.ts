// The provider under OpenFeature's own SDK, unmodified, with the hub's end of the socket in the test's hands.
import type { Hook } from "@openfeature/server-sdk";
import { ErrorCode, OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/server-sdk";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ServerProviderOptions } from "../../src/openfeature/server.js";
import { PeekabooServerProvider } from "../../src/openfeature/server.js";
import { nextSocket, turn } from "../support/client.js";
import type { FakeClock } from "../support/clock.js";
import { createFakeClock } from "../support/clock.js";
import { RULES } from "../support/example.js";
import type { FakeHub } from "../support/hub.js";
import { createFakeHub, welcome } from "../support/hub.js";
import { rules, SERVER_KEY } from "../support/server.js";

const FLAGS = {
  on: rules(true),
  text: rules("hello"),
  count: rules(2.5),
  shape: rules({ columns: 3 }),
  new: rules(false, {
    variations: { v: false, yes: true },
    rules: [
      {
        id: "r1",
        when: { attribute: "since", op: "after", values: ["2026-01-01T00:00:00Z"] },
        serve: { variation: "yes" },
      },
    ],
  }),
  pro: rules("basic", {
    variations: { basic: "basic", full: "full" },
    fallthrough: { variation: "basic" },
    rules: [
      {
        id: "r1",
        when: { attribute: "plan", op: "in", values: ["pro"] },
        serve: { variation: "full" },
      },
    ],
  }),
};

let hub: FakeHub;
let clock: FakeClock;

beforeEach(() => {
  hub = createFakeHub();
  clock = createFakeClock();
});

afterEach(async () => {
  await OpenFeature.clearProviders();
  OpenFeature.clearHandlers();
});

function begin(options: Partial<ServerProviderOptions> = {}): Promise<void> {
  const set = OpenFeature.setProviderAndWait(
    new PeekabooServerProvider({
      key: SERVER_KEY,
      url: "ws://hub.test:6001",
      usage: false,
      clock,
      random: () => 0.5,
      WebSocket: hub.WebSocket,
      ...options,
    }),
  );
  // Handled here until the test looks at it.
  set.catch(() => undefined);
  return set;
}

function goLive(version = 1): void {
  hub.socket().open();
  hub.socket().say(welcome(version, 2));
  hub.socket().say([17, version, FLAGS, {}]);
}

async function ready(options?: Partial<ServerProviderOptions>) {
  const set = begin(options);
  await turn();
  goLive();
  await set;
  return OpenFeature.getClient();
}

function heard(event: ProviderEvents) {
  const handler = vi.fn();
  OpenFeature.addHandler(event, handler);
  handler.mockClear();
  return handler;
}

test("is ready once there are rules, and evaluates each call's context", async () => {
  const client = await ready();
  expect(client.providerStatus).toBe(ProviderStatus.READY);
  expect(await client.getStringValue("pro", "", { plan: "free" })).toBe("basic");
  expect(await client.getStringDetails("pro", "", { plan: "pro" })).toMatchObject({
    value: "full",
    variant: "full",
    reason: "TARGETING_MATCH",
    flagMetadata: { flagVersion: 1 },
  });
});

test("reads dates in a context as rules do", async () => {
  const client = await ready();
  expect(await client.getBooleanValue("new", false, { since: new Date("2026-01-02") })).toBe(true);
  expect(await client.getBooleanValue("new", true, { since: new Date("2025-01-02") })).toBe(false);
});

test("gives each type", async () => {
  const client = await ready();
  expect(await client.getBooleanValue("on", false)).toBe(true);
  expect(await client.getStringValue("text", "")).toBe("hello");
  expect(await client.getNumberValue("count", 0)).toBe(2.5);
  expect(await client.getObjectValue("shape", {})).toEqual({ columns: 3 });
});

test("answers another type and an unknown flag with the default and their codes", async () => {
  const client = await ready();
  expect(await client.getNumberDetails("text", 7)).toMatchObject({
    value: 7,
    reason: "ERROR",
    errorCode: ErrorCode.TYPE_MISMATCH,
  });
  expect(await client.getObjectDetails("text", null)).toMatchObject({
    value: null,
    errorCode: ErrorCode.TYPE_MISMATCH,
  });
  expect(await client.getBooleanDetails("nowhere", true)).toMatchObject({
    value: true,
    errorCode: ErrorCode.FLAG_NOT_FOUND,
  });
});

test("a refused key is fatal", async () => {
  const set = begin();
  await turn();
  hub.socket().open();
  hub.socket().end(4501, "no live key has this value");
  await expect(set).rejects.toMatchObject({ code: ErrorCode.GENERAL, message: "no live key has this value" });
  expect(OpenFeature.getClient().providerStatus).toBe(ProviderStatus.ERROR);
});

test("options that can never work are fatal", async () => {
  await expect(begin({ key: "pbc_public" })).rejects.toMatchObject({ code: ErrorCode.PROVIDER_FATAL });
});

test("rules that come after a failed initialization make it ready", async () => {
  const set = begin({ initializeTimeoutMs: 500 });
  await turn();
  clock.advance(500);
  await expect(set).rejects.toMatchObject({ code: ErrorCode.GENERAL });
  const client = OpenFeature.getClient();
  expect(client.providerStatus).toBe(ProviderStatus.ERROR);
  goLive();
  expect(client.providerStatus).toBe(ProviderStatus.READY);
});

test("a lost connection makes it stale, and its return ready", async () => {
  const client = await ready();
  hub.socket().end();
  expect(client.providerStatus).toBe(ProviderStatus.STALE);
  expect(await client.getBooleanValue("on", false)).toBe(true);
  nextSocket(hub, clock);
  goLive(2);
  expect(client.providerStatus).toBe(ProviderStatus.READY);
});

test("a change names the flags whose rules changed", async () => {
  const client = await ready();
  const changed = heard(ProviderEvents.ConfigurationChanged);
  hub.socket().say([18, 1, 2, 1_795_000_000_000_000, { text: rules("bye", { version: 2 }) }, [], {}, []]);
  expect(changed.mock.calls).toMatchObject([[{ flagsChanged: ["text"] }]]);
  expect(await client.getStringValue("text", "")).toBe("bye");
});

test("a revoked key is fatal", async () => {
  const client = await ready();
  const failed = heard(ProviderEvents.Error);
  hub.socket().end(4502, "the key was revoked");
  expect(failed.mock.calls).toMatchObject([
    [{ errorCode: ErrorCode.GENERAL, message: "the key was revoked" }],
  ]);
  expect(client.providerStatus).toBe(ProviderStatus.ERROR);
});

test("a key that was revoked while the hub was away is an error once it is back", async () => {
  const client = await ready();
  hub.socket().end();
  expect(client.providerStatus).toBe(ProviderStatus.STALE);
  nextSocket(hub, clock);
  hub.socket().open();
  hub.socket().end(4502, "the key was revoked");
  expect(client.providerStatus).toBe(ProviderStatus.ERROR);
});

test("a change of flags that nobody knew is told too", async () => {
  await ready();
  const changed = heard(ProviderEvents.ConfigurationChanged);
  hub.socket().say([18, 1, 2, 1_795_000_000_000_000, { added: rules(true) }, ["text"], {}, []]);
  expect(changed.mock.calls).toMatchObject([[{ flagsChanged: ["added", "text"] }]]);
});

test("rules in a file make it ready without a hub", async () => {
  await begin({ key: "", url: "", file: RULES });
  const client = OpenFeature.getClient();
  expect(client.providerStatus).toBe(ProviderStatus.READY);
  expect(await client.getStringValue("hero-theme", "", { country: "SE" })).toBe("fjord");
  expect(hub.sockets).toEqual([]);
});

test("tracking before there is a connection is not an error", () => {
  const instance = new PeekabooServerProvider({ key: SERVER_KEY, url: "ws://hub.test:6001" });
  expect(() => instance.track("purchase", {})).not.toThrow();
});

test("tracking reaches the hub with its context and value", async () => {
  const client = await ready({ usage: true });
  client.track("purchase", { targetingKey: "user-7" }, { value: 12.5 });
  await vi.waitFor(() => {
    clock.advance(15_000);
    const batches = hub.sockets.flatMap(({ received }) => received).filter(([type]) => type === 3);
    const events = batches.flatMap(([, batch]) => (batch as { events?: object[] }).events ?? []);
    expect(events[0]).toMatchObject({ event: "purchase", value: 12.5, targetingKey: "user-7" });
  }, 20_000);
  // The hub's answer, which closing waits for.
  for (const [type, batch] of hub.socket().received) {
    if (type === 3) hub.socket().say([19, (batch as { id: string }).id]);
  }
});

test("hooks of the provider run with every evaluation", async () => {
  const hook: Hook = { before: vi.fn(), after: vi.fn() };
  const client = await ready({ hooks: [hook] });
  await client.getBooleanValue("on", false);
  expect(hook.before).toHaveBeenCalledOnce();
  expect(hook.after).toHaveBeenCalledOnce();
});

test("what a hook adds to the context is decided by", async () => {
  const hook: Hook = { before: () => ({ plan: "pro" }) };
  const client = await ready({ hooks: [hook] });
  expect(await client.getStringValue("pro", "")).toBe("full");
});

test("hooks of the provider hear of an error, and of every end", async () => {
  const hook: Hook = { after: vi.fn(), error: vi.fn(), finally: vi.fn() };
  const client = await ready({ hooks: [hook] });
  await client.getBooleanValue("nowhere", false);
  expect(hook.after).not.toHaveBeenCalled();
  expect(hook.error).toHaveBeenCalledOnce();
  expect(hook.finally).toHaveBeenCalledOnce();
});

test("another provider in its place closes the connection", async () => {
  await ready();
  const socket = hub.socket();
  await ready();
  await vi.waitFor(() => expect(socket.closedWith).toBe(1000), 20_000);
  expect(hub.sockets).toHaveLength(2);
});

test("the same provider can be set again after it was closed", async () => {
  const instance = new PeekabooServerProvider({
    key: SERVER_KEY,
    url: "ws://hub.test:6001",
    usage: false,
    clock,
    WebSocket: hub.WebSocket,
  });
  for (const version of [1, 2]) {
    const set = OpenFeature.setProviderAndWait(instance);
    await vi.waitFor(() => expect(hub.sockets).toHaveLength(version), 20_000);
    goLive(version);
    await set;
    expect(await OpenFeature.getClient().getBooleanValue("on", false)).toBe(true);
    await OpenFeature.clearProviders();
    expect(hub.socket().closedWith).toBe(1000);
  }
});

test("closing OpenFeature closes the connection", async () => {
  await ready();
  await OpenFeature.clearProviders();
  expect(hub.socket().closedWith).toBe(1000);
  expect(clock.pending()).toBe(0);
});

test("lifecycle events come from the provider itself, as requirement 2.8 asks", async () => {
  const events: unknown[] = [];
  const listen = (instance: PeekabooServerProvider) => {
    for (const event of Object.values(ProviderEvents)) {
      instance.events.addHandler(event, (details) => void events.push([event, details?.errorCode ?? null]));
    }
    return instance;
  };
  const broken = listen(new PeekabooServerProvider({ key: "pbc_public", url: "ws://hub.test:6001" }));
  await expect(broken.initialize()).rejects.toMatchObject({ code: ErrorCode.PROVIDER_FATAL });
  expect(events.splice(0)).toEqual([[ProviderEvents.Error, ErrorCode.PROVIDER_FATAL]]);

  const options = {
    key: SERVER_KEY,
    url: "ws://hub.test:6001",
    usage: false,
    clock,
    WebSocket: hub.WebSocket,
  };
  const instance = listen(new PeekabooServerProvider(options));
  const notReady = { code: ErrorCode.PROVIDER_NOT_READY };
  await expect(instance.resolveBooleanEvaluation("on", false, {})).rejects.toMatchObject(notReady);
  const initialized = instance.initialize();
  await turn();
  goLive();
  await initialized;
  expect(events.splice(0)).toEqual([[ProviderEvents.Ready, null]]);
  expect((await instance.resolveBooleanEvaluation("on", false, {})).value).toBe(true);
  await instance.onClose();
  await expect(instance.resolveBooleanEvaluation("on", false, {})).rejects.toMatchObject(notReady);
});

test("metadata has what people noted, and what telemetry asks for", async () => {
  const set = begin();
  await turn();
  hub.socket().open();
  hub.socket().say([...welcome(7, 2), "shop/production"]);
  const metadata = { owner: "checkout", priority: 2, temporary: true, malformed: [1] };
  hub.socket().say([17, 7, { on: rules(true, { metadata }) }, {}]);
  await set;
  const client = OpenFeature.getClient();
  expect((await client.getBooleanDetails("on", false, { targetingKey: "user-1" })).flagMetadata).toEqual({
    owner: "checkout",
    priority: 2,
    temporary: true,
    flagVersion: 1,
    version: "7",
    flagSetId: "shop/production",
    contextId: "user-1",
  });
});
