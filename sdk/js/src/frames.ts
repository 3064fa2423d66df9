/** The messages of `peekaboo.v1`: arrays that begin with their type. `docs/protocol.md` is the reference. */

import type { JsonMap } from "./json.js";
import { check } from "./json.js";
import { decode } from "./msgpack.js";
import type { Json } from "./types.js";

/** The WebSocket subprotocol. */
export const SUBPROTOCOL = "peekaboo.v1";

/** The largest message a hub takes, in bytes. */
export const MAX_MESSAGE_BYTES = 16_384;

export const HELLO = 0;
export const CONTEXT = 1;
export const RESYNC = 2;
export const EVENTS = 3;
export const ALIVE = 4;

export const WELCOME = 16;
export const SNAPSHOT = 17;
export const DELTA = 18;
export const ACK = 19;
export const ERROR = 20;
export const GOAWAY = 21;
export const PING = 22;

/** What follows a WELCOME. */
export const CURRENT = 0;
export const SNAPSHOT_FOLLOWS = 2;

/** What changed. */
export type DeltaFrame = readonly [
  type: typeof DELTA,
  from: number | null,
  to: number,
  committedAtMicros: number,
  putFlags: JsonMap,
  deletedFlags: readonly string[],
  putSegments: JsonMap | null,
  deletedSegments: readonly string[] | null,
];

/** What a hub sends. Elements that a later version appends are ignored. */
export type ServerFrame =
  | readonly [
      type: typeof WELCOME,
      connection: string,
      epoch: string,
      version: number,
      mode: number,
      heartbeatSeconds: number,
      /** `project/environment`. Hubs before 0.2 do not say. */
      flagSetId?: string,
    ]
  | readonly [type: typeof SNAPSHOT, version: number, flags: JsonMap, segments: JsonMap | null]
  | DeltaFrame
  | readonly [type: typeof ACK, batchId: string]
  | readonly [type: typeof ERROR, code: string, message: string, temporary: boolean]
  | readonly [type: typeof GOAWAY, minMillis: number, maxMillis: number]
  | readonly [type: typeof PING];

/** What a client sends. */
export type ClientFrame = readonly [
  type: typeof HELLO | typeof CONTEXT | typeof RESYNC | typeof EVENTS | typeof ALIVE,
  ...elements: Json[],
];

/**
 * The elements after the type, a letter each (see `letter`), in the order of the types from WELCOME to PING. What a
 * later version appends is not looked at.
 */
const SHAPES = [/^ssnnn/, /^no[o-]/, /^[n-]nnol[o-][l-]/, /^s/, /^ssb/, /^nn/, /^/];

/** Whether the elements are of the kinds that the pattern asks for. */
export function fits(elements: readonly Json[], shape: RegExp): boolean {
  return shape.test(elements.map(letter).join(""));
}

/** `n`atural number, `l`ist of strings, `-` for nil, `?` for other numbers and lists, else as `typeof` begins. */
function letter(value: Json): string | undefined {
  if (value === null) return "-";
  if (Array.isArray(value)) return value.every((each) => typeof each === "string") ? "l" : "?";
  if (typeof value === "number" && !(Number.isSafeInteger(value) && value >= 0)) return "?";
  return (typeof value)[0];
}

/**
 * Reads a hub's message. Null for a type that this version does not know: a client ignores those.
 *
 * @throws an error where the bytes are not a message, or one of its elements is missing or of the wrong type.
 */
export function readFrame(bytes: Uint8Array): ServerFrame | null {
  // Within the function, since minifiers write such constants where they are used.
  const FIRST: typeof WELCOME = 16;
  const LAST_MODE: typeof SNAPSHOT_FOLLOWS = 2;
  const frame = decode(bytes);
  check(Array.isArray(frame) && fits(frame, /^n/));
  const [type, ...elements] = frame as [number, ...Json[]];
  const shape = SHAPES[type - FIRST];
  if (!shape) return null;
  check(fits(elements, shape));
  check(type !== FIRST || (elements[3] as number) <= LAST_MODE);
  return frame as unknown as ServerFrame;
}
