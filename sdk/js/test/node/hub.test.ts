// The server client against the real hub: `PEEKABOO_BIN`, else the debug build.
import { afterEach, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createServerClient } from "../../src/node/index.js";
import type { ServerChange, ServerClient } from "../../src/node/types.js";
import type { ClientError, Context, SocketConstructor } from "../../src/types.js";
import { demoHub, until } from "../support/binary.js";

const hub = demoHub("--sdk-heartbeat", "1s");
let key: string;
const clients: ServerClient[] = [];

beforeAll(async () => {
  ({ key } = await hub.admin.createServerKey("node tests"));
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

function connect(serverKey = key): { client: ServerClient; sockets: WebSocket[] } {
  const sockets: WebSocket[] = [];
  class Noted extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  const WebSocketOfTests = Noted as unknown as SocketConstructor;
  const url = hub.ready.stream;
  const client = createServerClient({ key: serverKey, url, WebSocket: WebSocketOfTests, random: () => 0.1 });
  clients.push(client);
  return { client, sockets };
}

async function live(client: ServerClient): Promise<void> {
  await until(() => client.status === "live", "the client to be live");
}

function isEnabled(client: ServerClient): boolean {
  return client.detail("new-checkout", null).reason !== "DISABLED";
}

const CONTEXTS: Context[] = [
  {},
  { targetingKey: "user-1", country: "DE", plan: "free" },
  ...Array.from({ length: 30 }, (_, i) => ({ targetingKey: `user-${i}`, country: "SE", plan: "pro" })),
];

test("decides for every context as the hub does", async () => {
  const { client } = connect();
  expect(await client.ready(10_000)).toBe(true);
  for (const context of CONTEXTS) {
    const results = await hub.admin.evaluate(context);
    expect(Object.keys(results).length).toBeGreaterThan(3);
    for (const [flag, { value }] of Object.entries(results)) {
      expect(client.detail(flag, null, context).value).toEqual(value);
    }
  }
});

test("sees a toggle the moment it is made", async () => {
  const { client } = connect();
  await live(client);
  const changes: ServerChange[] = [];
  client.on("change", (change) => changes.push(change));
  for (const enabled of [false, true, false, true]) {
    await hub.admin.patchTargeting("new-checkout", { enabled });
    await until(() => isEnabled(client) === enabled, "the toggle to arrive");
  }
  expect(changes.length).toBeGreaterThanOrEqual(3);
  expect(changes.every(({ keys, committedAt }) => keys.includes("new-checkout") && committedAt)).toBe(true);
});

test("resumes a cut connection with what it missed", async () => {
  const { client, sockets } = connect();
  await live(client);
  for (const socket of sockets) socket.terminate();
  await until(() => client.status === "reconnecting", "the loss to be noticed");
  const enabled = await hub.admin.toggle("new-checkout");
  await until(() => isEnabled(client) === enabled, "the missed toggle");
});

test("finds a WebSocket by itself", async () => {
  const client = createServerClient({ key, url: hub.ready.stream });
  clients.push(client);
  expect(await client.ready(10_000)).toBe(true);
});

test("closes though it has something to tell, whether the hub takes events or not", async () => {
  const { client } = connect();
  await live(client);
  client.bool("new-checkout", false, { targetingKey: "user-1" });
  client.track("purchase", { targetingKey: "user-1" }, 12.5);
  const errors: ClientError[] = [];
  client.on("error", (error) => errors.push(error));
  await client.close();
  expect(client.status).toBe("closed");
  expect(errors).toEqual([]);
});

test("stops for a key that is revoked, and serves the last rules", async () => {
  const { key: other, revoke } = await hub.admin.createServerKey("to be revoked");
  const { client } = connect(other);
  await live(client);
  const all = client.allFlags();
  const errors: ClientError[] = [];
  client.on("error", (error) => errors.push(error));
  await revoke();
  await until(() => client.status === "stopped", "the revocation");
  expect(errors).toMatchObject([{ code: 4502, temporary: false }]);
  expect(client.allFlags()).toEqual(all);
});
