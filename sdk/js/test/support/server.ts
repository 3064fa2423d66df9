import { createServerClient } from "../../src/node/index.js";
import type { ServerClient, ServerOptions, ServerStatus } from "../../src/node/types.js";
import type { ClientError } from "../../src/types.js";
import { turn } from "./client.js";
import type { FakeClock } from "./clock.js";
import { createFakeClock } from "./clock.js";
import type { FakeHub } from "./hub.js";
import { createFakeHub, welcome } from "./hub.js";

/** A server client with everything around it in the test's hands. */
export interface ServerRig {
  readonly client: ServerClient;
  readonly hub: FakeHub;
  readonly clock: FakeClock;
  readonly statuses: ServerStatus[];
  readonly errors: ClientError[];
}

export const SERVER_KEY = "pbs_test";

/** Creates a client whose first socket is being opened. */
export async function startServer(options: Partial<ServerOptions> = {}): Promise<ServerRig> {
  const [clock, hub] = [createFakeClock(), createFakeHub()];
  const client = createServerClient({
    key: SERVER_KEY,
    url: "ws://hub.test:6001",
    clock,
    random: () => 0.5,
    WebSocket: hub.WebSocket,
    ...options,
  });
  const statuses: ServerStatus[] = [];
  const errors: ClientError[] = [];
  client.on("status", (status) => statuses.push(status));
  client.on("error", (error) => errors.push(error));
  await turn();
  return { client, hub, clock, statuses, errors };
}

/** Creates a client that is live with these flags at version 1. */
export async function liveServer(
  flags: Record<string, unknown>,
  segments: Record<string, unknown> = {},
  options: Partial<ServerOptions> = {},
): Promise<ServerRig> {
  const rig = await startServer(options);
  rig.hub.socket().open();
  rig.hub.socket().say(welcome(1, 2));
  rig.hub.socket().say([17, 1, flags, segments]);
  rig.hub.socket().take();
  return rig;
}

/** A flag that serves everyone `value`, but for what is put over it. */
export function rules(value: unknown, over: object = {}): Record<string, unknown> {
  return {
    type: typeof value,
    enabled: true,
    variations: { v: value, w: value },
    fallthrough: { variation: "v" },
    salt: "s",
    version: 1,
    ...over,
  };
}
