// Both providers under OpenFeature's own SDKs, next to the real hub: `PEEKABOO_BIN`, else the debug build.
import {
  OpenFeature as Server,
  ProviderEvents as ServerEvents,
  ProviderStatus as ServerStatus,
} from "@openfeature/server-sdk";
import type { EventDetails } from "@openfeature/web-sdk";
import { ErrorCode, ProviderEvents, ProviderStatus, OpenFeature as Web } from "@openfeature/web-sdk";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { PeekabooServerProvider } from "../../src/openfeature/server.js";
import { PeekabooWebProvider } from "../../src/openfeature/web.js";
import type { SocketConstructor } from "../../src/types.js";
import { batchesTaken, demoHub, eventually, until } from "../support/binary.js";

const hub = demoHub();

beforeEach(async () => {
  await hub.admin.patchTargeting("new-checkout", { enabled: false });
  await Web.setContext({ targetingKey: "user-1", country: "DE" });
});

afterEach(async () => {
  for (const api of [Web, Server]) {
    await api.clearProviders();
    api.clearHandlers();
  }
});

const SOCKET = WebSocket as unknown as SocketConstructor;

async function openPage(key = hub.ready.demo.clientKey) {
  const provider = new PeekabooWebProvider({
    key,
    url: hub.ready.stream,
    WebSocket: SOCKET,
    random: () => 0.1,
  });
  await Web.setProviderAndWait(provider);
  return Web.getClient();
}

async function startServer(key = hub.ready.demo.serverKey) {
  const provider = new PeekabooServerProvider({
    key,
    url: hub.ready.stream,
    WebSocket: SOCKET,
    random: () => 0.1,
  });
  await Server.setProviderAndWait(provider);
  return Server.getClient();
}

test("in a page: reports each toggle by the flag's name, once it can be read", async () => {
  const client = await openPage();
  const seen: unknown[] = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (details?: EventDetails) => {
    seen.push([details?.flagsChanged, client.getBooleanValue("new-checkout", false)]);
  });
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await until(() => seen.length === 1, "the toggle to arrive");
  await hub.admin.patchTargeting("new-checkout", { enabled: false });
  await until(() => seen.length === 2, "the toggle back to arrive");
  expect(seen).toEqual([
    [["new-checkout"], true],
    [["new-checkout"], false],
  ]);
});

test("in a page: another context has its own values once it is set", async () => {
  const client = await openPage();
  expect(client.getStringValue("hero-theme", "")).toBe("dawn");
  await Web.setContext({ targetingKey: "user-2", country: "SE", plan: "pro" });
  expect(client.getStringDetails("hero-theme", "")).toMatchObject({
    value: "fjord",
    variant: "fjord",
    reason: "TARGETING_MATCH",
  });
  expect(client.getNumberValue("discount-percent", 0)).toBe(10);
  expect(client.getObjectValue("layout", {})).toEqual({ columns: 3, ratings: false });
});

test("in a server: evaluates for the context of each call, and reports each toggle", async () => {
  const client = await startServer();
  const changed: unknown[] = [];
  client.addHandler(ServerEvents.ConfigurationChanged, (details) => changed.push(details?.flagsChanged));
  expect(await client.getStringValue("hero-theme", "", { country: "DE" })).toBe("dawn");
  expect(await client.getStringValue("hero-theme", "", { country: "SE" })).toBe("fjord");
  expect(await client.getBooleanValue("new-checkout", false, { targetingKey: "user-1" })).toBe(false);
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await until(() => changed.length > 0, "the toggle to arrive");
  expect(changed).toEqual([["new-checkout"]]);
  expect(await client.getBooleanValue("new-checkout", false, { targetingKey: "user-1" })).toBe(true);
});

test("a key that is revoked is an error to both, which serve the last values", async () => {
  const keys = [await hub.admin.createClientKey("a page"), await hub.admin.createServerKey("a server")];
  const [page, server] = [await openPage(keys[0]?.key), await startServer(keys[1]?.key)];
  for (const { revoke } of keys) await revoke();
  await until(() => page.providerStatus === ProviderStatus.ERROR, "the page's provider to notice");
  await until(() => server.providerStatus === ServerStatus.ERROR, "the server's provider to notice");
  expect(page.getBooleanDetails("new-checkout", true).errorCode).toBeUndefined();
});

test("a key that nobody has is an error from the start", async () => {
  await expect(openPage("pbc_nobody_has_this_key")).rejects.toMatchObject({ code: ErrorCode.GENERAL });
  await expect(startServer("pbs_nobody_has_this_key")).rejects.toMatchObject({ code: ErrorCode.GENERAL });
});

test("both are stale while the hub is away, serve what they have, and miss nothing", async () => {
  const [page, server] = [await openPage(), await startServer()];
  await hub.stop();
  await until(() => page.providerStatus === ProviderStatus.STALE, "the page to notice the hub's end");
  await until(() => server.providerStatus === ServerStatus.STALE, "the server to notice the hub's end");
  expect(page.getStringValue("hero-theme", "")).toBe("dawn");
  expect(await server.getStringValue("hero-theme", "", { country: "SE" })).toBe("fjord");
  await hub.restart();
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await until(() => page.providerStatus === ProviderStatus.READY, "the page to be back", 40_000);
  await until(() => server.providerStatus === ServerStatus.READY, "the server to be back", 40_000);
  await until(() => page.getBooleanValue("new-checkout", false), "the change in the page");
  await eventually(() => server.getBooleanValue("new-checkout", false), "the change in the server");
});

test("what a server evaluated and tracked is the hub's before its provider is closed", async () => {
  const client = await startServer();
  // Before anything is counted: what is, may be told at any time.
  const before = await batchesTaken(hub.ready);
  await client.getBooleanValue("new-checkout", false, { targetingKey: "user-1" });
  client.track("purchase", { targetingKey: "user-1" }, { value: 12.5 });
  await Server.clearProviders();
  expect(await batchesTaken(hub.ready)).toBeGreaterThan(before);
});
