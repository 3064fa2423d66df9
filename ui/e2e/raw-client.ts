import { WebSocket } from "ws";
import type { Value } from "./frames";
import { decode, encode } from "./frames";

const WELCOME = 16;
const SNAPSHOT = 17;
const DELTA = 18;

/** Follows an environment with a client key, knowing nothing but docs/protocol.md. */
export class RawClient {
  readonly #socket: WebSocket;
  readonly #values = new Map<string, Value>();
  readonly frames: Value[] = [];

  constructor(url: string, key: string, context: { [name: string]: Value }) {
    this.#socket = new WebSocket(url, "peekaboo.v1");
    this.#socket.binaryType = "nodebuffer";
    this.#socket.on("open", () => this.#socket.send(encode([0, key, null, context, "raw/1.0"])));
    this.#socket.on("message", (data) => this.#receive(decode(data as Buffer)));
  }

  /** The value of a flag; nothing where none has come. */
  value(flag: string): Value | undefined {
    return this.#element(flag, 0);
  }

  /** Why a flag has its value; nothing where none has come. */
  reason(flag: string): Value | undefined {
    return this.#element(flag, 2);
  }

  get welcomed(): boolean {
    return this.frames.some((frame) => Array.isArray(frame) && frame[0] === WELCOME);
  }

  close(): void {
    this.#socket.close();
  }

  #element(flag: string, index: number): Value | undefined {
    const tuple = this.#values.get(flag);
    return Array.isArray(tuple) ? tuple[index] : undefined;
  }

  #receive(frame: Value): void {
    this.frames.push(frame);
    if (!Array.isArray(frame)) throw new Error("a message is an array");
    if (frame[0] === SNAPSHOT) {
      this.#values.clear();
      this.#put(frame[2]);
    }
    if (frame[0] === DELTA) {
      this.#put(frame[4]);
      for (const key of Array.isArray(frame[5]) ? frame[5] : []) this.#values.delete(String(key));
    }
  }

  #put(flags: Value | undefined): void {
    for (const [key, tuple] of Object.entries((flags ?? {}) as { [key: string]: Value }))
      this.#values.set(key, tuple);
  }
}
