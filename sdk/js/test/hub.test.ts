// The client against the real hub: `PEEKABOO_BIN`, else the debug build.
import { decode } from "@msgpack/msgpack";
import { afterEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { createClient } from "../src/index.js";
import type { Change, ClientError, ClientOptions, Context, FlagClient } from "../src/types.js";
import { demoHub, until } from "./support/binary.js";

const hub = demoHub("--sdk-heartbeat", "1s");
const clients: FlagClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** Every frame that arrived on any socket, as bytes, and the sockets themselves. */
interface Wire {
  readonly frames: Uint8Array[];
  readonly sockets: WebSocket[];
  readonly types: () => unknown[];
}

function connect(options: Partial<ClientOptions> = {}): { client: FlagClient; wire: Wire } {
  const frames: Uint8Array[] = [];
  const sockets: WebSocket[] = [];
  class Tapped extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols);
      sockets.push(this);
      this.on("message", (data) => frames.push(new Uint8Array(data as ArrayBuffer)));
    }
  }
  const client = createClient({
    key: hub.ready.demo.clientKey,
    url: hub.ready.stream,
    context: { targetingKey: "user-1", country: "DE", plan: "free" },
    WebSocket: Tapped,
    random: () => 0.1,
    ...options,
  });
  clients.push(client);
  return {
    client,
    wire: { frames, sockets, types: () => frames.map((frame) => (decode(frame) as unknown[])[0]) },
  };
}

async function live(client: FlagClient): Promise<void> {
  await until(() => client.status === "live", "the client to be live");
}

/** What the hub itself says that a context gets, of the flags that this client sees. */
async function expected(client: FlagClient, context: Context): Promise<Record<string, unknown>> {
  const results = await hub.admin.evaluate(context);
  return Object.fromEntries(Object.keys(client.allFlags()).map((key) => [key, results[key]?.value]));
}

test("receives every value as the hub evaluates it", async () => {
  const { client } = connect();
  expect(await client.ready(10_000)).toBe(true);
  expect(Object.keys(client.allFlags())).toEqual(
    expect.arrayContaining(["new-checkout", "hero-theme", "banner-text", "discount-percent", "layout"]),
  );
  expect(client.allFlags()).toEqual(await expected(client, client.context));
  expect(client.detail("hero-theme", "")).toMatchObject({ value: "dawn", variation: "dawn" });
});

test("sees a toggle the moment it is made", async () => {
  const { client } = connect();
  await live(client);
  const changes: Change[] = [];
  client.on("change", (change) => changes.push(change));
  const before = client.bool("new-checkout", false);
  for (let i = 0; i < 6; i++) {
    const enabled = await hub.admin.toggle("new-checkout");
    await until(() => client.bool("new-checkout", !enabled) === enabled, "the toggle to arrive");
  }
  expect(client.bool("new-checkout", !before)).toBe(before);
  expect(changes.map(({ keys }) => keys)).toEqual(Array(6).fill(["new-checkout"]));
  const versions = changes.map(({ version }) => version);
  expect(versions).toEqual(versions.map((_, i) => (versions[0] ?? 0) + i));
  const committed = changes.map(({ committedAt }) => committedAt ?? 0);
  expect(committed[0]).toBeGreaterThan(0);
  expect(committed).toEqual([...committed].sort((a, b) => a - b));
});

test("identify brings what the new context changes, and only that", async () => {
  const { client, wire } = connect();
  await live(client);
  const before = wire.frames.length;
  expect(await client.identify({ targetingKey: "user-2", country: "SE", plan: "pro" }, 10_000)).toBe(true);
  expect(client.string("hero-theme", "")).toBe("fjord");
  expect(client.number("discount-percent", 0)).toBe(10);
  expect(client.allFlags()).toEqual(await expected(client, client.context));
  const delta = wire.frames
    .slice(before)
    .map((frame) => decode(frame) as unknown[])
    .find(([type]) => type === 18);
  expect(Object.keys(delta?.[4] as object)).not.toContain("banner-text");
});

test("identifies and toggles in any order end at what the hub says", async () => {
  const { client } = connect();
  await live(client);
  const countries = ["SE", "DE", "NO", "US"];
  const toggles = (async () => {
    for (let i = 0; i < 10; i++) await hub.admin.patchTargeting("new-checkout", { enabled: i % 2 === 0 });
  })();
  const identified: Promise<boolean>[] = [];
  for (let i = 0; i < 20; i++) {
    identified.push(
      client.identify({ targetingKey: `user-${i}`, country: countries[i % 4] as string }, 20_000),
    );
    await until(() => client.status === "live", "the client to be live");
  }
  await toggles;
  expect(await Promise.all(identified)).toEqual(Array(20).fill(true));
  const wanted = await expected(client, client.context);
  await vi.waitFor(() => expect(client.allFlags()).toEqual(wanted), 20_000);
});

test("resumes a cut connection with what it missed", async () => {
  const { client, wire } = connect();
  await live(client);
  wire.frames.length = 0;
  for (const socket of wire.sockets) socket.terminate();
  await until(() => client.status === "reconnecting", "the loss to be noticed");
  const enabled = await hub.admin.toggle("new-checkout");
  await live(client);
  await until(() => client.bool("new-checkout", !enabled) === enabled, "the missed toggle");
  expect(wire.types()).not.toContain(17);
});

test("starts from kept values without a snapshot", async () => {
  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
  const first = connect({ storage });
  await live(first.client);
  first.client.close();
  const second = connect({ storage });
  expect(second.client.allFlags()).toEqual(first.client.allFlags());
  await live(second.client);
  expect(second.wire.types().slice(0, 2)).not.toContain(17);
});

test("stays alive through heartbeats alone", async () => {
  const { client, wire } = connect();
  await live(client);
  await until(() => wire.types().filter((type) => type === 22).length >= 4, "four heartbeats");
  expect(client.status).toBe("live");
  expect(wire.sockets.length).toBe(1);
});

test("receives no rule, whatever it receives", async () => {
  const { client, wire } = connect();
  await live(client);
  await client.identify({ targetingKey: "user-9", country: "NO", plan: "pro" }, 10_000);
  const bytes = wire.frames.map((frame) => Buffer.from(frame).toString("latin1")).join("\n");
  for (const canary of ["nordics", "country", "fallthrough", "salt", "weights", "rules"]) {
    expect(bytes).not.toContain(canary);
  }
});

test("stops for a key that nobody has", async () => {
  const { client } = connect({ key: "pbc_nobody_has_this_key" });
  const errors: ClientError[] = [];
  client.on("error", (error) => errors.push(error));
  await until(() => client.status === "stopped", "the refusal");
  expect(errors).toMatchObject([{ code: 4501, temporary: false }]);
});

test("stops when its key is revoked, and keeps the last values", async () => {
  const { key, revoke } = await hub.admin.createClientKey("to be revoked");
  const { client } = connect({ key });
  await live(client);
  const values = client.allFlags();
  const errors: ClientError[] = [];
  client.on("error", (error) => errors.push(error));
  await revoke();
  await until(() => client.status === "stopped", "the revocation");
  expect(errors).toMatchObject([{ code: 4502, temporary: false }]);
  expect(client.allFlags()).toEqual(values);
});

test("follows a hub through a restart", async () => {
  const { client } = connect();
  await live(client);
  const values = client.allFlags();
  await hub.stop();
  await until(() => client.status === "reconnecting", "the hub's end to be noticed");
  expect(client.allFlags()).toEqual(values);
  await hub.restart();
  await until(() => client.status === "live", "the client to be back", 40_000);
  const enabled = await hub.admin.toggle("new-checkout");
  await until(() => client.bool("new-checkout", !enabled) === enabled, "a toggle after the restart");
});
