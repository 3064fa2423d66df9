/** What a MessagePack value reads as. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** Decodes one frame by docs/protocol.md alone: MessagePack as JSON, without binary or extensions. */
export function decode(bytes: Uint8Array): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number) => {
    at += length;
    return at - length;
  };
  const list = (length: number): Value[] => Array.from({ length }, () => value());
  const map = (length: number): Value =>
    Object.fromEntries(Array.from({ length }, (): [string, Value] => [String(value()), value()]));
  const text = (length: number) => {
    const start = take(length);
    return new TextDecoder().decode(bytes.subarray(start, start + length));
  };
  const value = (): Value => {
    const type = view.getUint8(take(1));
    if (type <= 0x7f) return type;
    if (type <= 0x8f) return map(type & 0x0f);
    if (type <= 0x9f) return list(type & 0x0f);
    if (type <= 0xbf) return text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    const read = READERS[type];
    if (!read) throw new Error(`the hub sent a type that the protocol has not: 0x${type.toString(16)}`);
    return read({ view, take, list, map, text });
  };
  const decoded = value();
  if (at !== bytes.length) throw new Error("the frame goes on after its value");
  return decoded;
}

interface Input {
  view: DataView;
  take: (length: number) => number;
  list: (length: number) => Value[];
  map: (length: number) => Value;
  text: (length: number) => string;
}

const READERS: Record<number, (input: Input) => Value> = {
  192: () => null,
  194: () => false,
  195: () => true,
  202: ({ view, take }) => view.getFloat32(take(4)),
  203: ({ view, take }) => view.getFloat64(take(8)),
  204: ({ view, take }) => view.getUint8(take(1)),
  205: ({ view, take }) => view.getUint16(take(2)),
  206: ({ view, take }) => view.getUint32(take(4)),
  207: ({ view, take }) => Number(view.getBigUint64(take(8))),
  208: ({ view, take }) => view.getInt8(take(1)),
  209: ({ view, take }) => view.getInt16(take(2)),
  210: ({ view, take }) => view.getInt32(take(4)),
  211: ({ view, take }) => Number(view.getBigInt64(take(8))),
  217: ({ view, take, text }) => text(view.getUint8(take(1))),
  218: ({ view, take, text }) => text(view.getUint16(take(2))),
  219: ({ view, take, text }) => text(view.getUint32(take(4))),
  220: ({ view, take, list }) => list(view.getUint16(take(2))),
  221: ({ view, take, list }) => list(view.getUint32(take(4))),
  222: ({ view, take, map }) => map(view.getUint16(take(2))),
  223: ({ view, take, map }) => map(view.getUint32(take(4))),
};

/** Encodes what a client says first; strings of up to 255 bytes do for a test. */
export function encode(value: Value): Uint8Array {
  if (value === null) return Uint8Array.of(0xc0);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xc3 : 0xc2);
  if (typeof value === "number")
    return Uint8Array.of(0xce, ...new Uint8Array(new Uint32Array([value]).buffer).reverse());
  if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    return Uint8Array.of(0xd9, text.length, ...text);
  }
  if (Array.isArray(value))
    return Uint8Array.of(0x90 | value.length, ...value.flatMap((item) => [...encode(item)]));
  const entries = Object.entries(value);
  return Uint8Array.of(
    0x80 | entries.length,
    ...entries.flatMap(([key, item]) => [...encode(key), ...encode(item)]),
  );
}
