// The provider under OpenFeature's own SDK, unmodified, with the hub's end of the socket in the test's hands.
import type { Hook } from "@openfeature/web-sdk";
import { ErrorCode, OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/web-sdk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { WebProviderOptions } from "../../src/openfeature/web.js";
import { PeekabooWebProvider } from "../../src/openfeature/web.js";
import { goLive, KEY, nextSocket, settled, turn } from "../support/client.js";
import type { FakeClock } from "../support/clock.js";
import { createFakeClock } from "../support/clock.js";
import type { FakeHub } from "../support/hub.js";
import { answer, createFakeHub, delta, welcome } from "../support/hub.js";
import { createFakePage } from "../support/page.js";

const VALUES = { on: true, text: "hello", count: 2.5, shape: { columns: 3 }, none: null };

let hub: FakeHub;
let clock: FakeClock;

beforeEach(async () => {
  hub = createFakeHub();
  clock = createFakeClock();
  await OpenFeature.setContext({ targetingKey: "user-1" });
});

afterEach(async () => {
  await OpenFeature.clearProviders();
  OpenFeature.clearHandlers();
});

function provider(options: Partial<WebProviderOptions> = {}): PeekabooWebProvider {
  return new PeekabooWebProvider({
    key: KEY,
    url: "ws://hub.test:6001",
    storage: null,
    page: null,
    usage: false,
    clock,
    random: () => 0.5,
    WebSocket: hub.WebSocket,
    ...options,
  });
}

/** Begins to initialize; the promise is OpenFeature's. */
async function begin(options?: Partial<WebProviderOptions>): Promise<Promise<void>[]> {
  const set = OpenFeature.setProviderAndWait(provider(options));
  set.catch(() => undefined);
  await turn();
  return [set];
}

async function ready(options?: Partial<WebProviderOptions>) {
  const [set] = await begin(options);
  goLive({ hub }, 1, VALUES);
  await set;
  return OpenFeature.getClient();
}

/** The events of one kind, as they come. */
function heard(event: ProviderEvents) {
  const handler = vi.fn();
  OpenFeature.addHandler(event as ProviderEvents.Error, handler);
  handler.mockClear();
  return handler;
}

describe("initialization", () => {
  test("is over once there are values, and asks for those of the static context", async () => {
    const [set] = await begin();
    hub.socket().open();
    expect(hub.socket().received[0]?.[3]).toEqual({ targetingKey: "user-1" });
    expect(await settled(set as Promise<void>)).toBe("pending");
    expect(OpenFeature.getClient().providerStatus).toBe(ProviderStatus.NOT_READY);
    goLive({ hub }, 1, VALUES);
    await set;
    expect(OpenFeature.getClient().providerStatus).toBe(ProviderStatus.READY);
  });

  test("fails where the hub refuses the key, and is made good once it accepts it", async () => {
    const [set] = await begin();
    hub.socket().open();
    hub.socket().end(4501, "no live key has this value");
    await expect(set).rejects.toMatchObject({
      code: ErrorCode.GENERAL,
      message: "no live key has this value",
    });
    const client = OpenFeature.getClient();
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(client.getBooleanDetails("on", false)).toMatchObject({
      value: false,
      errorCode: ErrorCode.PROVIDER_NOT_READY,
    });
    nextSocket(hub, clock);
    goLive({ hub }, 1, { on: true });
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getBooleanValue("on", false)).toBe(true);
  });

  test("fails for good for options that can never work", async () => {
    const [set] = await begin({ key: "pbs_secret" });
    await expect(set).rejects.toMatchObject({ code: ErrorCode.PROVIDER_FATAL });
  });

  test("fails where no values come in time, and is made good by values that come later", async () => {
    const [set] = await begin({ initializeTimeoutMs: 500 });
    clock.advance(500);
    await expect(set).rejects.toMatchObject({ code: ErrorCode.GENERAL });
    const client = OpenFeature.getClient();
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    goLive({ hub }, 1, VALUES);
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getBooleanValue("on", false)).toBe(true);
  });
});

describe("resolution", () => {
  test("gives each type with its variant, reason and version", async () => {
    const client = await ready();
    expect(client.getBooleanValue("on", false)).toBe(true);
    expect(client.getNumberValue("count", 0)).toBe(2.5);
    expect(client.getObjectValue("shape", {})).toEqual({ columns: 3 });
    expect(client.getStringDetails("text", "")).toMatchObject({
      value: "hello",
      variant: "v-hello",
      reason: "STATIC",
      flagMetadata: { flagVersion: 1 },
    });
  });

  test("answers a flag of another type with the default and TYPE_MISMATCH", async () => {
    const client = await ready();
    for (const details of [
      client.getBooleanDetails("text", true),
      client.getStringDetails("on", "mine"),
      client.getNumberDetails("text", 7),
      client.getObjectDetails("text", null),
    ]) {
      expect(details).toMatchObject({ reason: "ERROR", errorCode: ErrorCode.TYPE_MISMATCH });
    }
    expect(client.getObjectValue("text", null)).toBe(null);
    expect(client.getNumberValue("text", 7)).toBe(7);
  });

  test("answers an unknown flag with the default and FLAG_NOT_FOUND", async () => {
    const client = await ready();
    expect(client.getStringDetails("nowhere", "mine")).toMatchObject({
      value: "mine",
      reason: "ERROR",
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
  });

  test("answers a flag that serves no variation with the default, which is not an error", async () => {
    const client = await ready();
    const details = client.getObjectDetails("none", ["mine"]);
    expect(details).toMatchObject({ value: ["mine"], reason: "DISABLED" });
    expect(details.errorCode).toBeUndefined();
  });
});

describe("events", () => {
  test("a change names the flags that changed", async () => {
    const client = await ready();
    const changed = heard(ProviderEvents.ConfigurationChanged);
    hub.socket().say(delta(2, { on: false, text: "bye" }));
    expect(changed).toHaveBeenCalledOnce();
    expect(changed.mock.calls[0]?.[0].flagsChanged).toEqual(["on", "text"]);
    expect(client.getBooleanValue("on", true)).toBe(false);
  });

  test("a lost connection makes it stale, and its return ready", async () => {
    const client = await ready();
    const stale = heard(ProviderEvents.Stale);
    hub.socket().end();
    expect(stale).toHaveBeenCalledOnce();
    expect(client.providerStatus).toBe(ProviderStatus.STALE);
    expect(client.getBooleanValue("on", false)).toBe(true);
    const back = heard(ProviderEvents.Ready);
    nextSocket(hub, clock);
    goLive({ hub }, 2, { ...VALUES, on: false });
    expect(back).toHaveBeenCalledOnce();
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getBooleanValue("on", true)).toBe(false);
  });

  test("a bootstrap makes it ready, and the values stale while the hub cannot be reached", async () => {
    const [set] = await begin({ bootstrap: { on: true } });
    await set;
    const client = OpenFeature.getClient();
    expect(client.getBooleanDetails("on", false)).toMatchObject({ value: true, reason: "CACHED" });
    hub.socket().end();
    expect(client.providerStatus).toBe(ProviderStatus.STALE);
    nextSocket(hub, clock);
    goLive({ hub }, 1, VALUES);
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });

  test("a revoked key is fatal", async () => {
    const client = await ready();
    const failed = heard(ProviderEvents.Error);
    hub.socket().end(4502, "the key was revoked");
    expect(failed.mock.calls).toMatchObject([
      [{ errorCode: ErrorCode.GENERAL, message: "the key was revoked" }],
    ]);
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(client.getBooleanValue("on", false)).toBe(true);
  });
});

describe("the context", () => {
  test("is reconciled once the values of the new one are in place", async () => {
    const client = await ready();
    const changed = heard(ProviderEvents.ConfigurationChanged);
    const set = OpenFeature.setContext({ targetingKey: "user-2", since: new Date(0) });
    await turn();
    expect(hub.socket().take()).toEqual([[1, { targetingKey: "user-2", since: "1970-01-01T00:00:00.000Z" }]]);
    expect(client.providerStatus).toBe(ProviderStatus.RECONCILING);
    expect(client.getStringValue("text", "")).toBe("hello");
    hub.socket().say(answer(1, { text: "hej" }));
    await set;
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getStringValue("text", "")).toBe("hej");
    // OpenFeature has its own event for this.
    expect(changed).not.toHaveBeenCalled();
  });

  test("is announced when it is asked for and when it is there", async () => {
    await ready();
    const events: ProviderEvents[] = [];
    for (const event of Object.values(ProviderEvents)) {
      OpenFeature.addHandler(event as ProviderEvents.Error, () => events.push(event));
    }
    events.length = 0;
    const set = OpenFeature.setContext({ targetingKey: "user-2" });
    // By the provider, as requirement 2.8 asks, and by an SDK that does not leave it to providers yet.
    expect(events).toEqual([ProviderEvents.Reconciling, ProviderEvents.Reconciling]);
    events.length = 0;
    hub.socket().say(answer(1, { text: "hej" }));
    await set;
    expect(events).toEqual([ProviderEvents.ContextChanged, ProviderEvents.ContextChanged]);
  });

  test("given again and again ends at the last one", async () => {
    const client = await ready();
    const sets = [2, 3, 4].map((i) => OpenFeature.setContext({ targetingKey: `user-${i}` }));
    await turn();
    for (const i of [2, 3, 4]) hub.socket().say(answer(1, { text: `hello, user-${i}` }));
    await Promise.all(sets);
    expect(client.getStringValue("text", "")).toBe("hello, user-4");
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });

  test("without a connection waits so long and no longer, and is made good once there is one", async () => {
    const client = await ready({ contextTimeoutMs: 500 });
    hub.socket().end();
    const failed = heard(ProviderEvents.Error);
    const set = OpenFeature.setContext({ targetingKey: "user-2" });
    await turn();
    expect(client.providerStatus).toBe(ProviderStatus.RECONCILING);
    clock.advance(500);
    await set;
    expect(failed).toHaveBeenCalled();
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    const back = heard(ProviderEvents.Ready);
    if (hub.sockets.length === 1) nextSocket(hub, clock);
    goLive({ hub }, 2, { ...VALUES, text: "hej" });
    await turn();
    expect(back).toHaveBeenCalledOnce();
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getStringValue("text", "")).toBe("hej");
  });

  test("whose values come late on a connection that holds is made good by them", async () => {
    const client = await ready({ contextTimeoutMs: 500 });
    const set = OpenFeature.setContext({ targetingKey: "user-2" });
    await turn();
    clock.advance(500);
    await set;
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(client.getStringValue("text", "")).toBe("hello");
    hub.socket().say(answer(1, { text: "hej" }));
    await turn();
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getStringValue("text", "")).toBe("hej");
  });

  test("for a provider that was refused is an error, and the last values stay", async () => {
    const client = await ready();
    hub.socket().end(4502, "the key was revoked");
    const failed = heard(ProviderEvents.Error);
    await OpenFeature.setContext({ targetingKey: "user-2" });
    expect(failed).toHaveBeenCalled();
    expect(failed.mock.calls[0]?.[0].message).toContain("the key was revoked");
    expect(client.getStringValue("text", "")).toBe("hello");
  });

  test("that a hub would refuse is an error, and the former values stay", async () => {
    const client = await ready();
    const failed = heard(ProviderEvents.Error);
    await OpenFeature.setContext({ targetingKey: "user-2", much: "x".repeat(20_000) });
    expect(failed.mock.calls[0]?.[0]).toMatchObject({ errorCode: ErrorCode.INVALID_CONTEXT });
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(client.getStringValue("text", "")).toBe("hello");
    const set = OpenFeature.setContext({ targetingKey: "user-2" });
    hub.socket().say(answer(1, { text: "hej" }));
    await set;
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });
});

describe("lifecycle events come from the provider itself, as requirement 2.8 asks", () => {
  async function begun(options: Partial<WebProviderOptions> = {}) {
    const instance = provider(options);
    const events: unknown[] = [];
    for (const event of Object.values(ProviderEvents)) {
      instance.events.addHandler(event as ProviderEvents.Error, (details) => {
        events.push([event, details?.errorCode ?? null]);
      });
    }
    const initialized = instance.initialize({ targetingKey: "user-1" });
    initialized.catch(() => undefined);
    await turn();
    return { instance, events, initialized };
  }

  test("READY before initialization ends, RECONCILING and CONTEXT_CHANGED around a context", async () => {
    const { instance, events, initialized } = await begun();
    goLive({ hub }, 1, VALUES);
    await initialized;
    expect(events.splice(0)).toEqual([[ProviderEvents.Ready, null]]);
    const reconciled = instance.onContextChange({}, { targetingKey: "user-2" });
    expect(events.splice(0)).toEqual([[ProviderEvents.Reconciling, null]]);
    hub.socket().say(answer(1, { text: "hej" }));
    await reconciled;
    expect(events.splice(0)).toEqual([[ProviderEvents.ContextChanged, null]]);
    await expect(instance.onContextChange({}, { targetingKey: 5 as never })).rejects.toThrow("targetingKey");
    expect(events.splice(0)).toEqual([
      [ProviderEvents.Reconciling, null],
      [ProviderEvents.Error, ErrorCode.INVALID_CONTEXT],
    ]);
    await instance.onClose();
  });

  test("ERROR before initialization fails, with its code", async () => {
    const fatal = await begun({ key: "pbs_secret" });
    await expect(fatal.initialized).rejects.toMatchObject({ code: ErrorCode.PROVIDER_FATAL });
    expect(fatal.events).toEqual([[ProviderEvents.Error, ErrorCode.PROVIDER_FATAL]]);
    const late = await begun({ initializeTimeoutMs: 500 });
    clock.advance(500);
    await expect(late.initialized).rejects.toMatchObject({ code: ErrorCode.GENERAL });
    expect(late.events.splice(0)).toEqual([[ProviderEvents.Error, ErrorCode.GENERAL]]);
    goLive({ hub }, 1, VALUES);
    expect(late.events).toContainEqual([ProviderEvents.Ready, null]);
    await late.instance.onClose();
  });
});

test("nothing is served before initialization, nor after shutdown", async () => {
  const instance = provider();
  const notReady = expect.objectContaining({ code: ErrorCode.PROVIDER_NOT_READY });
  expect(() => instance.resolveBooleanEvaluation("on", false)).toThrow(notReady);
  const initialized = instance.initialize({ targetingKey: "user-1" });
  await turn();
  goLive({ hub }, 1, VALUES);
  await initialized;
  expect(instance.resolveBooleanEvaluation("on", false).value).toBe(true);
  await instance.onClose();
  expect(() => instance.resolveBooleanEvaluation("on", false)).toThrow(notReady);
  expect(() => instance.track("purchase")).not.toThrow();
});

test("metadata has what people noted, and what telemetry asks for", async () => {
  const [set] = await begin();
  hub.socket().open();
  hub.socket().say([...welcome(7, 2), "shop/production"]);
  const noted = { owner: "checkout", priority: 2, temporary: true };
  hub.socket().say([17, 7, { on: [true, "on", "STATIC", 3, noted], plain: [1, "v", "STATIC", 1] }, null]);
  await set;
  const client = OpenFeature.getClient();
  const common = { version: "7", flagSetId: "shop/production", contextId: "user-1" };
  expect(client.getBooleanDetails("on", false).flagMetadata).toEqual({ ...noted, flagVersion: 3, ...common });
  expect(client.getNumberDetails("plain", 0).flagMetadata).toEqual({ flagVersion: 1, ...common });
});

describe("a hidden page", () => {
  test("makes it stale once the connection is let go, and ready when it is shown", async () => {
    const page = createFakePage();
    const client = await ready({ page, hiddenTimeoutMs: 1000 });
    page.hide();
    clock.advance(1000);
    expect(client.providerStatus).toBe(ProviderStatus.STALE);
    expect(client.getBooleanValue("on", false)).toBe(true);
    page.show();
    goLive({ hub }, 2, VALUES);
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });
});

test("tracking before there is a connection is not an error", () => {
  const instance = provider({ usage: true });
  expect(() => instance.track("purchase")).not.toThrow();
});

test("tracking reaches the client with its value", async () => {
  const instance = provider({ usage: true });
  const set = OpenFeature.setProviderAndWait(instance);
  await turn();
  goLive({ hub }, 1, VALUES);
  await set;
  OpenFeature.getClient().track("purchase", { value: 12.5, currency: "EUR" });
  await vi.waitFor(() => {
    clock.advance(15_000);
    const batches = hub.socket().received.filter(([type]) => type === 3);
    expect(batches.flatMap(([, batch]) => (batch as { events?: object[] }).events ?? [])).toMatchObject([
      { event: "purchase", value: 12.5, targetingKey: "user-1" },
    ]);
  }, 20_000);
});

test("hooks of the provider run with every evaluation", async () => {
  const hook: Hook = { before: vi.fn(), after: vi.fn() };
  const client = await ready({ hooks: [hook] });
  client.getBooleanValue("on", false);
  expect(hook.before).toHaveBeenCalledOnce();
  expect(hook.after).toHaveBeenCalledOnce();
});

test("hooks of the provider hear of an error, and of every end", async () => {
  const hook: Hook = { after: vi.fn(), error: vi.fn(), finally: vi.fn() };
  const client = await ready({ hooks: [hook] });
  client.getBooleanValue("nowhere", false);
  expect(hook.after).not.toHaveBeenCalled();
  expect(hook.error).toHaveBeenCalledOnce();
  expect(hook.finally).toHaveBeenCalledOnce();
});

test("another provider in its place closes the connection", async () => {
  await ready();
  const socket = hub.socket();
  const [set] = await begin();
  goLive({ hub }, 1, VALUES);
  await set;
  expect(socket.closedWith).toBe(1000);
  expect(hub.sockets).toHaveLength(2);
});

test("the same provider can be set again after it was closed", async () => {
  const instance = provider();
  for (const version of [1, 2]) {
    const set = OpenFeature.setProviderAndWait(instance);
    await turn();
    goLive({ hub }, version, { ...VALUES, count: version });
    await set;
    expect(OpenFeature.getClient().getNumberValue("count", 0)).toBe(version);
    await OpenFeature.clearProviders();
    expect(hub.socket().closedWith).toBe(1000);
  }
});

test("closing OpenFeature closes the connection", async () => {
  await ready();
  const socket = hub.socket();
  await OpenFeature.close();
  expect(socket.closedWith).toBe(1000);
  expect(clock.pending()).toBe(0);
});
