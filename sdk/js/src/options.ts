/** What the caller gave, checked once; the platform's own parts where nothing was given. */

import { platformClock } from "./clock.js";
import type { JsonMap } from "./json.js";
import { attempt, check, copy, isObject } from "./json.js";
import { encode } from "./msgpack.js";
import { randomId } from "./random.js";
import type { ClientOptions, ContextLike, Json, SocketConstructor, ValueStorage } from "./types.js";
import type { State } from "./values.js";
import { readValues } from "./values.js";

/** @throws RangeError that names the option and says what it should be. The context is not looked at. */
export function parseOptions({
  key,
  url,
  bootstrap,
  // Only a browser's: Node's own `localStorage` is one file for the whole process. Throws if there is none.
  storage = attempt<ValueStorage>(() => document && localStorage) ?? null,
  anonymous = false,
  usage = true,
  page = globalThis.document ?? null,
  hiddenTimeoutMs = 5 * 60_000,
  clock = platformClock,
  random = Math.random,
  WebSocket = globalThis.WebSocket as SocketConstructor,
}: ClientOptions) {
  check(String(key).startsWith("pbc_"), "`key` must be a client key, pbc_*");
  check(WebSocket, "no global WebSocket: pass `WebSocket`");
  const id = anonymous ? stableId(storage) : undefined;
  const contextOf = (given: ContextLike) => parseContext(given, id);
  return {
    key,
    url: streamUrl(url),
    contextOf,
    usage,
    initial: bootstrap ? startFrom(bootstrap) : null,
    storage,
    page,
    hiddenTimeoutMs,
    clock,
    random,
    WebSocket,
  };
}

/**
 * A copy of the context as JSON has it, under the id where it names no one.
 *
 * @throws TypeError or RangeError where a hub would refuse it.
 */
function parseContext(context: ContextLike, id?: string): JsonMap {
  /** A hub takes messages of 16 KiB, and HELLO holds more than the context. */
  const MAX_CONTEXT_BYTES = 15 * 1024;
  const parsed = copy(context) as Record<string, Json>;
  check(isObject(parsed) && !Array.isArray(parsed), "`context` must be an object");
  if (id) parsed.targetingKey ??= id;
  check(typeof (parsed.targetingKey ?? "") === "string", "`targetingKey` must be a string");
  check(encode(parsed).length < MAX_CONTEXT_BYTES, "`context` must be under 15 KiB");
  return parsed;
}

/** The id of this browser's visitor: that of the last visit, else a new one. */
function stableId(storage: ValueStorage | null): string {
  const name = "peekaboo:anonymous";
  const id = attempt(() => storage?.getItem(name)) ?? randomId();
  attempt(() => storage?.setItem(name, id));
  return id;
}

/**
 * Completes the address: the scheme of sockets, the path of the stream. Not by `URL`, whose parts cannot be set in React
 * Native.
 */
export function streamUrl(address: string): string {
  /** Where a hub serves the stream. */
  const STREAM_PATH = "/sdk/v1/stream";
  const [, secure, host, path] = /^(?:ws|http)(s?:\/\/)([^/?#]+)\/?(.*)$/i.exec(address) ?? [];
  check(host, "`url` must be the hub's, wss://*");
  return `ws${secure}${host}${path ? `/${path}` : STREAM_PATH}`;
}

/** The state that plain values make: those of a server, of no known version, which nothing may be continued from. */
export function startFrom(bootstrap: object): State {
  const flags = Object.entries(copy(bootstrap) as JsonMap).map(([key, value]) => [
    key,
    [value, null, "CACHED", 0],
  ]);
  return { epoch: null, version: 0, values: readValues(Object.fromEntries(flags)) };
}
