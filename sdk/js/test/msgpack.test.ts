import * as oracle from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../src/msgpack.js";
import type { Json } from "../src/types.js";

/** As `docs/protocol.md` has them. */
const MAX_READ_DEPTH = 128;
const MAX_WRITE_DEPTH = 32;

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");

/** Numbers in [0, 1) that are the same in every run. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomJson(random: () => number, depth = 0): Json {
  const pick = Math.floor(random() * (depth > 4 ? 6 : 8));
  const size = Math.floor(random() ** 3 * 20);
  switch (pick) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
      return Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 54));
    case 3:
      return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
    case 4:
      return "x".repeat(Math.floor(random() ** 4 * 70_000));
    case 5:
      return String.fromCodePoint(
        ...Array.from({ length: size }, () => Math.floor(random() * 0xd7ff)),
        0x1f440,
      );
    case 6:
      return Array.from({ length: size }, () => randomJson(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: size }, (_, i) => [`k${i}`, randomJson(random, depth + 1)]),
      );
  }
}

const BOUNDARIES = [0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];

describe("encode", () => {
  test.each([
    ...BOUNDARIES,
    ...BOUNDARIES.slice(1).map((n) => -n),
    -32,
    -33,
    -129,
    -32769,
    0.1,
    -7.25,
    1e300,
    2 ** 70,
  ])("writes %d as the oracle does", (n) => {
    expect(hex(encode(n))).toBe(hex(oracle.encode(n)));
    expect(decode(encode(n))).toBe(n);
  });

  test.each([0, 15, 16, 31, 32, 255, 256, 65535, 65536])(
    "writes strings of %d bytes in the shortest form",
    (size) => {
      const text = "a".repeat(size);
      expect(hex(encode(text))).toBe(hex(oracle.encode(text)));
    },
  );

  test.each([0, 15, 16, 255, 256, 65535, 65536])(
    "writes arrays and maps of %d in the shortest form",
    (size) => {
      const list = Array.from({ length: size }, (_, i) => i);
      const map = Object.fromEntries(list.map((i) => [`k${i}`, i]));
      expect(hex(encode(list))).toBe(hex(oracle.encode(list)));
      expect(hex(encode(map))).toBe(hex(oracle.encode(map)));
    },
  );

  test("writes minus nought as the integer it is in JSON", () => {
    expect(hex(encode(-0))).toBe("00");
  });

  test("refuses what nests deeper than a hub takes", () => {
    let nested: Json = [];
    for (let i = 1; i < MAX_WRITE_DEPTH; i++) nested = [nested];
    expect(() => encode(nested)).not.toThrow();
    expect(() => encode([nested])).toThrow(RangeError);
  });
});

describe("decode", () => {
  test("reads what the oracle writes, and the oracle what is written here", () => {
    const random = randomSource(7);
    for (let i = 0; i < 400; i++) {
      const value = randomJson(random);
      expect(decode(oracle.encode(value))).toEqual(value);
      expect(oracle.decode(encode([value]))).toEqual([value]);
    }
  });

  test("reads every form of a number", () => {
    const forms: [string, number][] = [
      ["ca3f000000", 0.5],
      ["cb3fe0000000000000", 0.5],
      ["cc80", 128],
      ["cd0080", 128],
      ["ce00000080", 128],
      ["cf0000000000000080", 128],
      ["d080", -128],
      ["d1ff80", -128],
      ["d2ffffff80", -128],
      ["d3ffffffffffffff80", -128],
      ["cfffffffffffffffff", 2 ** 64],
      ["d38000000000000000", -(2 ** 63)],
      ["e0", -32],
    ];
    for (const [form, value] of forms) expect(decode(bytes(form))).toBe(value);
  });

  test("reads from the middle of a larger buffer", () => {
    const whole = bytes("ffff92a161cb3fe0000000000000ffff");
    expect(decode(whole.subarray(2, 14))).toEqual(["a", 0.5]);
  });

  test("keeps a byte order mark, which is part of the text", () => {
    expect(decode(bytes("a4efbbbf61"))).toBe("\ufeffa");
  });

  test("makes a member called __proto__ a member", () => {
    const value = decode(oracle.encode(JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')));
    expect(Object.keys(value as object)).toEqual(["__proto__", "a"]);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test.each([
    ["nothing", ""],
    ["a string cut short", "a361"],
    ["a string that announces more than there is", "dbffffffff61"],
    ["an array that announces four billion elements", "ddffffffff"],
    ["a map that announces four billion entries", "dfffffffff"],
    ["a map that ends after a key", "81a161"],
    ["a number cut short", "cb3fe0"],
    ["trailing bytes", "c0c0"],
    ["binary", "c40100"],
    ["a fixed extension", "d40100"],
    ["an extension", "c7010000"],
    ["the byte that is never used", "c1"],
    ["a key that is not a string", "810102"],
    ["a string that is not UTF-8", "a2c328"],
    ["a lone surrogate", "a3eda080"],
    ["infinity", "cb7ff0000000000000"],
    ["not a number", "ca7fc00000"],
  ])("refuses %s", (_, malformed) => {
    expect(() => decode(bytes(malformed))).toThrow();
  });

  test("refuses what nests too deep, long before the stack ends", () => {
    const deep = (levels: number) => new Uint8Array(levels + 1).fill(0x91, 0, levels).fill(0xc0, levels);
    expect(() => decode(deep(MAX_READ_DEPTH))).not.toThrow();
    expect(() => decode(deep(MAX_READ_DEPTH + 1))).toThrow("malformed");
    expect(() => decode(deep(1_000_000))).toThrow("malformed");
    expect(() => decode(new Uint8Array(1_000_000).fill(0x81))).toThrow("malformed");
  });

  test("ends on any bytes, with a value or an error", () => {
    const random = randomSource(42);
    const started = performance.now();
    for (let i = 0; i < 20_000; i++) {
      const data = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
      try {
        decode(data);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("ends on every truncation and every flipped byte of a real message", () => {
    const message = oracle.encode([
      17,
      42,
      { a: ["on", "x", "STATIC", 1], b: [{ c: [1, 2.5] }, "y", "SPLIT", 300] },
      null,
    ]);
    for (let i = 0; i < message.length; i++) expect(() => decode(message.subarray(0, i))).toThrow();
    for (let i = 0; i < message.length; i++) {
      const flipped = message.slice();
      flipped[i] = (flipped[i] ?? 0) ^ 0xff;
      try {
        decode(flipped);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
  });
});
