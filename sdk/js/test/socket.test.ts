// The client over real sockets: a `ws` server that speaks frames, and the `ws` package as Node 20's WebSocket.
import type { AddressInfo } from "node:net";
import { decode, encode } from "@msgpack/msgpack";
import { afterEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createClient } from "../src/index.js";
import type { ClientOptions, FlagClient, Status } from "../src/types.js";
import { SDK } from "../src/version.js";
import { delta, EPOCH, snapshot, welcome } from "./support/hub.js";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** A server that hands every frame it hears to the test. */
async function serve(heard: (frame: unknown[], socket: WebSocket) => void) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, handleProtocols: () => "peekaboo.v1" });
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", (socket) => {
    socket.on("message", (data) => heard(decode(data as Buffer) as unknown[], socket));
  });
  cleanups.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server, url: `ws://127.0.0.1:${port}` };
}

function connect(url: string, options: Partial<ClientOptions> = {}): FlagClient {
  const client = createClient({ key: "pbc_x", url, WebSocket, random: () => 0, ...options });
  cleanups.push(client.close);
  return client;
}

function untilStatus(client: FlagClient, wanted: Status): Promise<void> {
  return new Promise((resolve) => {
    if (client.status === wanted) resolve();
    client.on("status", (status) => status === wanted && resolve());
  });
}

test("goes live, changes, identifies and closes", async () => {
  const frames: unknown[][] = [];
  let say = (_frame: unknown[]): void => undefined;
  const { server, url } = await serve((frame, socket) => {
    frames.push(frame);
    say = (answer) => socket.send(encode(answer));
    if (frame[0] === 0) {
      say(welcome(1, 2));
      say(snapshot(1, { a: 1 }));
    }
    if (frame[0] === 1) say(delta(2, { a: "theirs" }, [], 0));
  });
  const client = connect(url, { context: { targetingKey: "me" } });
  expect(await client.ready(5000)).toBe(true);
  expect(client.number("a", 0)).toBe(1);

  const changed = new Promise((resolve) => client.on("change:a", resolve));
  say(delta(2, { a: 2 }));
  expect(await changed).toMatchObject({ value: 2, previous: 1 });

  expect(await client.identify({ targetingKey: "you" })).toBe(true);
  expect(client.string("a", "")).toBe("theirs");
  expect(frames).toEqual([
    [0, "pbc_x", null, { targetingKey: "me" }, SDK],
    [1, { targetingKey: "you" }],
  ]);

  const [socket] = server.clients;
  const closed = new Promise((resolve) => socket?.on("close", resolve));
  client.close();
  expect(await closed).toBe(1000);
});

test("resumes after the connection was cut", async () => {
  const hellos: unknown[][] = [];
  const { server, url } = await serve((frame, socket) => {
    hellos.push(frame);
    if (hellos.length === 1) {
      socket.send(encode(welcome(4, 2)));
      socket.send(encode(snapshot(4, { a: 4 })));
    } else socket.send(encode(welcome(4, 0)));
  });
  const client = connect(url);
  await untilStatus(client, "live");
  for (const socket of server.clients) socket.terminate();
  await untilStatus(client, "reconnecting");
  await untilStatus(client, "live");
  expect(hellos.map(([, , resume]) => resume)).toEqual([null, [EPOCH, 4]]);
});

test("says so when the hub refuses it", async () => {
  const { url } = await serve((_, socket) => socket.close(4501, "no live key has this value"));
  const client = connect(url);
  const error = new Promise((resolve) => client.on("error", resolve));
  expect(await error).toEqual({ code: 4501, message: "no live key has this value", temporary: false });
  await untilStatus(client, "stopped");
  expect(await client.ready()).toBe(false);
});

test("keeps trying where nobody listens, and closes without a word", async () => {
  const { server, url } = await serve(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  const client = connect(url);
  await untilStatus(client, "reconnecting");
  expect(client.bool("a", true)).toBe(true);
  client.close();
  expect(client.status).toBe("closed");
});

test("closing while the handshake is under way throws nothing", async () => {
  const { url } = await serve(() => undefined);
  const client = connect(url);
  await Promise.resolve();
  client.close();
  expect(await client.ready()).toBe(false);
});
