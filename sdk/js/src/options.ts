/** What the caller gave, checked once; the platform's own parts where nothing was given. */

import { CONTEXT, STREAM_PATH } from "./frames.js";
import type { JsonMap } from "./json.js";
import { attempt, check, copy, isObject } from "./json.js";
import { encode } from "./msgpack.js";
import type { ClientOptions, Clock, Context, SocketConstructor, ValueStorage } from "./types.js";
import type { State } from "./values.js";
import { readValues } from "./values.js";

/** The largest context: a hub takes messages of 16 KiB, and HELLO holds more than the context. */
export const MAX_CONTEXT_BYTES = 15 * 1024;

export const HIDDEN_TIMEOUT_MS = 5 * 60_000;

/** @throws RangeError that names the option and says what it should be. */
export function parseOptions({
  key,
  url,
  context = {},
  bootstrap,
  storage = attempt(browserStorage) ?? null,
  page = globalThis.document ?? null,
  hiddenTimeoutMs = HIDDEN_TIMEOUT_MS,
  clock = platformClock,
  random = Math.random,
  WebSocket = globalThis.WebSocket as SocketConstructor,
}: ClientOptions) {
  check(String(key).startsWith("pbc_"), "`key` must be a client key (pbc_…)");
  check(WebSocket, "no global WebSocket: pass one as `WebSocket`");
  return {
    key,
    url: streamUrl(url),
    context: parseContext(context),
    initial: bootstrap ? startFrom(copy(bootstrap) as JsonMap) : null,
    storage,
    page,
    hiddenTimeoutMs,
    clock,
    random,
    WebSocket,
  };
}

/** A copy of the context as JSON has it. @throws TypeError or RangeError where a hub would refuse it. */
export function parseContext(context: Context): JsonMap {
  const parsed = copy(context) as JsonMap;
  check(isObject(parsed) && !Array.isArray(parsed), "`context` must be an object");
  check(typeof (parsed.targetingKey ?? "") === "string", "`targetingKey` must be a string");
  check(encode([CONTEXT, parsed]).length <= MAX_CONTEXT_BYTES, "`context` must be under 15 KiB");
  return parsed;
}

/** Completes the address: the scheme of sockets, the path of the stream. */
function streamUrl(address: string): string {
  const url = attempt(() => new URL(address));
  if (url) {
    url.protocol = url.protocol.replace("http", "ws");
    if (url.pathname === "/") url.pathname = STREAM_PATH;
  }
  check(url && /^wss?:/.test(url.href), "`url` must be the hub's: wss://…");
  return url.href;
}

function startFrom(bootstrap: JsonMap): State {
  const flags = Object.entries(bootstrap).map(([key, value]) => [key, [value, null, "CACHED", 0]]);
  return { epoch: null, version: 0, values: readValues(Object.fromEntries(flags)) };
}

/** Only a browser's: Node's own `localStorage` is one file for the whole process. Throws where it is blocked. */
function browserStorage(): ValueStorage | null {
  return globalThis.document ? globalThis.localStorage : null;
}

const platformClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    // A longer delay would overflow, and be over at once.
    const timer = delayMs < 2 ** 31 ? setTimeout(callback, delayMs) : undefined;
    return () => clearTimeout(timer);
  },
};
