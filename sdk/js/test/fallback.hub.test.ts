// The way to the real hub where sockets are not let through: `PEEKABOO_BIN`, else the debug build.
import { EventSource } from "eventsource";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createClient } from "../src/index.js";
import type { ClientError, FlagClient, SocketConstructor } from "../src/types.js";
import { demoHub, until } from "./support/binary.js";

const hub = demoHub();
const clients: FlagClient[] = [];
/** How often a socket was tried. */
let tried = 0;

/** A socket that a proxy does not let through. */
class Blocked {
  binaryType = "arraybuffer";
  onopen = null;
  onmessage = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor() {
    tried++;
    queueMicrotask(() => {
      this.onerror?.();
      this.onclose?.({ code: 1006, reason: "" });
    });
  }

  send(): void {}
  close(): void {}
}

beforeAll(() => {
  vi.stubGlobal("EventSource", EventSource);
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

afterAll(() => {
  vi.unstubAllGlobals();
});

async function live(key = hub.ready.demo.clientKey): Promise<FlagClient> {
  const client = createClient({
    key,
    url: hub.ready.stream,
    context: { targetingKey: "user-1", country: "DE", plan: "free" },
    WebSocket: Blocked as unknown as SocketConstructor,
    random: () => 0.05,
  });
  clients.push(client);
  await until(() => client.status === "live", "values over HTTP");
  return client;
}

test("values and changes come over HTTP", async () => {
  const client = await live();
  expect(tried).toBeGreaterThanOrEqual(3);
  const before = await hub.admin.evaluate(client.context);
  expect(client.string("hero-theme", "")).toBe(before["hero-theme"]?.value);
  for (let i = 0; i < 3; i++) {
    const enabled = await hub.admin.toggle("new-checkout");
    await until(() => client.bool("new-checkout", !enabled) === enabled, "the toggle to arrive");
  }
  expect(client.status).toBe("live");
});

test("a reason is the hub's own, as on a socket", async () => {
  const client = await live();
  expect(client.detail("hero-theme", "").reason).toBe("DEFAULT");
});

test("another context brings other values", async () => {
  const client = await live();
  expect(await client.identify({ targetingKey: "user-2", country: "SE", plan: "pro" }, 10_000)).toBe(true);
  const expected = await hub.admin.evaluate(client.context);
  for (const [key, value] of Object.entries(client.allFlags())) expect(value).toEqual(expected[key]?.value);
});

test("a revoked key stops the client, which keeps the last values", async () => {
  const { key, revoke } = await hub.admin.createClientKey("to be revoked");
  const client = await live(key);
  const values = client.allFlags();
  const errors: ClientError[] = [];
  client.on("error", (error) => errors.push(error));
  await revoke();
  // Told by the stream: that is opened again minutes later.
  await until(() => client.status === "stopped", "the revocation");
  expect(errors).toMatchObject([{ code: 4501 }]);
  expect(client.allFlags()).toEqual(values);
});
