import { createClient } from "../../src/index.js";
import type { ClientError, ClientOptions, FlagClient, Status } from "../../src/types.js";
import type { FakeClock } from "./clock.js";
import { createFakeClock } from "./clock.js";
import type { FakeHub } from "./hub.js";
import { createFakeHub, snapshot, welcome } from "./hub.js";

/** A client with everything around it in the test's hands. */
export interface Rig {
  readonly client: FlagClient;
  readonly hub: FakeHub;
  readonly clock: FakeClock;
  readonly statuses: Status[];
  readonly errors: ClientError[];
}

export const KEY = "pbc_test";

/** Creates a client whose first socket is being opened. */
export async function start(options: Partial<ClientOptions> = {}, hub = createFakeHub()): Promise<Rig> {
  const clock = createFakeClock();
  const client = createClient({
    key: KEY,
    url: "ws://hub.test:6001/sdk/v1/stream",
    context: { targetingKey: "user-1" },
    storage: null,
    page: null,
    // Loaded at a time of its own: its tests ask for it.
    usage: false,
    clock,
    random: () => 0.5,
    WebSocket: hub.WebSocket,
    ...options,
  });
  const statuses: Status[] = [];
  const errors: ClientError[] = [];
  client.on("status", (status) => statuses.push(status));
  client.on("error", (error) => errors.push(error));
  await turn();
  return { client, hub, clock, statuses, errors };
}

/** Creates a client that is live with these values at version 1. */
export async function live(
  values: Record<string, unknown> = {},
  options: Partial<ClientOptions> = {},
): Promise<Rig> {
  const rig = await start(options);
  goLive(rig, 1, values);
  return rig;
}

/** The hub accepts the newest socket and sends a snapshot. */
export function goLive({ hub }: Pick<Rig, "hub">, version: number, values: Record<string, unknown>): void {
  hub.socket().open();
  hub.socket().say(welcome(version, 2));
  hub.socket().say(snapshot(version, values));
  hub.socket().take();
}

/** Lets time pass until another socket is made; returns how many milliseconds that took. */
export function nextSocket(hub: FakeHub, clock: FakeClock): number {
  const before = hub.sockets.length;
  for (let waited = 1; waited <= 1_000_000; waited++) {
    clock.advance(1);
    if (hub.sockets.length > before) return waited;
  }
  throw new Error("no other socket was made");
}

/** Lets promises that are due go on. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

/** Whether a promise has been settled by now, and with what. */
export async function settled<T>(promise: Promise<T>): Promise<T | "pending"> {
  await turn();
  return Promise.race([promise, Promise.resolve("pending" as const)]);
}
