/**
 * The part of MessagePack that frames use, which is what JSON can say: nil, booleans, finite numbers, strings, arrays
 * and maps with string keys. Reading is checked against the bytes there are and against a depth, so that no input can
 * hang it, overflow the stack or make it allocate more than the input's own size warrants. Binary, extensions and
 * text that is not UTF-8 are refused.
 *
 * It is our own because of its size: 1.1 KB gzipped, where `@msgpack/msgpack` takes 5.9 KB, which is more than the whole
 * core may (`npm run size`).
 */

import { check, isObject } from "./json.js";
import type { Json } from "./types.js";

/** Both directions, for parts that are loaded later: they are given the core's own, which are there already. */
export interface Codec {
  decode(bytes: Uint8Array): Json;
  encode(value: Json): Uint8Array<ArrayBuffer>;
}

/** The numbers that have a tag of their own, in the order of the tags, named as `DataView` names them. */
const NUMBERS = [
  "Float32",
  "Float64",
  "Uint8",
  "Uint16",
  "Uint32",
  "BigUint64",
  "Int8",
  "Int16",
  "Int32",
  "BigInt64",
] as const;
const NUMBER_SIZES = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];

// Constants stand within the functions, since minifiers write them where they are used. A tag is one of the bases plus the
// kind (an index of `NUMBERS`) of the number after it: a value, or a length.

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads exactly one value.
 *
 * A 64-bit integer beyond 2^53 becomes the nearest double, as with `JSON.parse`.
 *
 * @throws RangeError or TypeError where the bytes are not one whole value of the subset.
 */
export function decode(bytes: Uint8Array): Json {
  /** How deep arrays and maps may nest in what a hub sends: conditions nest in rulesets. */
  const MAX_READ_DEPTH = 128;
  const UINT = 2;
  const NUMBER_BASE = 0xca;
  const STRING_BASE = 0xd9 - UINT;
  const ARRAY_BASE = 0xdc - UINT - 1;
  const MAP_BASE = 0xde - UINT - 1;

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  /** Claims the next `size` bytes and returns where they begin. */
  const take = (size: number): number => {
    const start = at;
    at += size;
    check(at <= bytes.length);
    return start;
  };
  /** Reads a number of the given kind: an index of `NUMBERS`. */
  const number = (kind: number): number => {
    const value = Number(view[`get${NUMBERS[kind] as "Uint8"}`](take(NUMBER_SIZES[kind] as number)));
    check(Number.isFinite(value));
    return value;
  };
  const string = (size: number): string => {
    const start = take(size);
    return text.decode(bytes.subarray(start, at));
  };
  /** Reads `size` values that are inside `depth` arrays and maps. */
  const values = (size: number, depth: number): Json[] => {
    check(depth <= MAX_READ_DEPTH);
    const items: Json[] = [];
    while (items.length < size) items.push(read(depth));
    return items;
  };
  const map = (size: number, depth: number): Json => {
    // As entries, since assigning to a member called `__proto__` would set the prototype instead.
    const entries: [string, Json][] = [];
    while (entries.length < size) {
      const [key, value] = values(2, depth);
      check(typeof key === "string");
      entries.push([key, value as Json]);
    }
    return Object.fromEntries(entries);
  };
  const read = (depth: number): Json => {
    const tag = number(UINT);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 15, depth + 1);
    if (tag < 0xa0) return values(tag & 15, depth + 1);
    if (tag < 0xc0) return string(tag & 31);
    if (tag > 0xdf) return tag - 0x100;
    return tagged(tag, depth);
  };
  /** Reads what follows a tag that says a type alone. */
  const tagged = (tag: number, depth: number): Json => {
    if (tag > 0xdd) return map(number(tag - MAP_BASE), depth + 1);
    if (tag > 0xdb) return values(number(tag - ARRAY_BASE), depth + 1);
    if (tag > 0xd8) return string(number(tag - STRING_BASE));
    if (tag === 0xc2 || tag === 0xc3) return tag > 0xc2;
    check(tag === 0xc0 || NUMBERS[tag - NUMBER_BASE] !== undefined);
    return tag > 0xc0 ? number(tag - NUMBER_BASE) : null;
  };

  const value = read(0);
  check(at === bytes.length);
  return value;
}

/**
 * Writes a value in its shortest form.
 *
 * @throws RangeError where the value nests too deep.
 */
export function encode(value: Json): Uint8Array<ArrayBuffer> {
  /** How deep arrays and maps may nest in what a hub takes. */
  const MAX_WRITE_DEPTH = 32;
  /** Where in `NUMBERS` doubles, unsigned and signed integers begin. */
  const FLOAT64 = 1;
  const UINT = 2;
  const INT = 6;
  const NUMBER_BASE = 0xca;
  const STRING_BASE = 0xd9 - UINT;
  const ARRAY_BASE = 0xdc - UINT - 1;
  const MAP_BASE = 0xde - UINT - 1;

  const out: number[] = [];
  const scratch = new DataView(new ArrayBuffer(8));

  const append = (bytes: Uint8Array): void => {
    for (const byte of bytes) out.push(byte);
  };
  /** Writes a tag and a number, by the first kind from `kind` on that holds it. */
  const number = (base: number, kind: number, n: number): void => {
    const name = NUMBERS[kind] as "Uint8";
    scratch[`set${name}`](0, (name.startsWith("Big") ? BigInt(n) : n) as number);
    if (Number(scratch[`get${name}`](0)) === n) {
      out.push(base + kind);
      append(new Uint8Array(scratch.buffer, 0, NUMBER_SIZES[kind]));
    } else number(base, kind + 1, n);
  };
  /** Writes a length: within the tag where it is below `few`. */
  const length = (n: number, few: number, tag: number, base: number, kind: number): void => {
    if (n < few) out.push(tag | n);
    else number(base, kind, n);
  };
  const scalar = (item: null | boolean | number | string): void => {
    if (item === null) out.push(0xc0);
    else if (typeof item === "boolean") out.push(item ? 0xc3 : 0xc2);
    else if (typeof item === "string") {
      const bytes = utf8.encode(item);
      length(bytes.length, 32, 0xa0, STRING_BASE, UINT);
      append(bytes);
    } else if (!Number.isSafeInteger(item)) number(NUMBER_BASE, FLOAT64, item);
    else if (item >= -32 && item < 0x80) out.push(item & 0xff);
    else number(NUMBER_BASE, item < 0 ? INT : UINT, item);
  };
  const write = (item: Json, depth: number): void => {
    if (!isObject(item)) {
      scalar(item);
      return;
    }
    check(depth < MAX_WRITE_DEPTH, "too deep");
    const isArray = Array.isArray(item);
    const members: readonly Json[] = isArray ? item : Object.entries(item).flat();
    if (isArray) length(members.length, 16, 0x90, ARRAY_BASE, UINT + 1);
    else length(members.length / 2, 16, 0x80, MAP_BASE, UINT + 1);
    for (const member of members) write(member, depth + 1);
  };

  write(value, 0);
  return new Uint8Array(out);
}
