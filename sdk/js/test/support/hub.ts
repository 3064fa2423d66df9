import { decode, encode } from "@msgpack/msgpack";
import type { SocketLike } from "../../src/types.js";

/** A socket whose other end is the test. Bytes pass through a MessagePack that is not the SDK's own. */
export class FakeSocket implements SocketLike {
  binaryType = "blob";
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  onerror: SocketLike["onerror"] = null;
  /** What the client has sent, decoded. */
  readonly received: unknown[][] = [];
  /** The code the client closed with. */
  closedWith: number | undefined;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  send(data: Uint8Array): void {
    if (this.closedWith !== undefined) throw new Error("sent on a closed socket");
    this.received.push(decode(data) as unknown[]);
  }

  close(code?: number): void {
    if (code !== 1000 && !(code !== undefined && code >= 3000 && code <= 4999)) {
      throw new Error(`a page may not close with ${code}`);
    }
    this.closedWith = code;
  }

  /** The handshake succeeds. */
  open(): void {
    this.onopen?.({} as never);
  }

  /** The hub sends a frame. */
  say(frame: readonly unknown[]): void {
    this.bytes(encode(frame));
  }

  /** The hub sends bytes, whatever they are. */
  bytes(bytes: Uint8Array): void {
    this.message(bytes.slice().buffer);
  }

  message(data: unknown): void {
    this.onmessage?.({ data } as never);
  }

  /** The hub closes, or the network does. */
  end(code = 1006, reason = ""): void {
    this.onclose?.({ code, reason } as never);
  }

  /** What the client has sent since this was last asked. */
  take(): unknown[][] {
    return this.received.splice(0);
  }
}

/** The far end of every socket that a client opens. */
export interface FakeHub {
  readonly WebSocket: new (url: string, protocols: string) => FakeSocket;
  readonly sockets: readonly FakeSocket[];
  /** The newest socket. */
  socket(): FakeSocket;
  /** Makes the next constructor calls throw. */
  refuse(error: Error | null): void;
}

export function createFakeHub(): FakeHub {
  const sockets: FakeSocket[] = [];
  let refusal: Error | null = null;
  return {
    sockets,
    WebSocket: class extends FakeSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        if (refusal) throw refusal;
        sockets.push(this);
      }
    },
    socket() {
      const last = sockets.at(-1);
      if (!last) throw new Error("no socket was opened");
      return last;
    },
    refuse(error) {
      refusal = error;
    },
  };
}

export const EPOCH = "0199a7e2c3";

export function welcome(
  version: number,
  mode: number,
  options: { epoch?: string; heartbeat?: number } = {},
): unknown[] {
  return [16, "c1", options.epoch ?? EPOCH, version, mode, options.heartbeat ?? 25];
}

/** A flag as a client key's client receives it; null is one that serves the caller's default. */
export function flag(value: unknown, version = 1): unknown[] {
  return value === null
    ? [null, null, "DISABLED", version]
    : [value, `v-${String(value)}`, "STATIC", version];
}

export function snapshot(version: number, values: Record<string, unknown>): unknown[] {
  const flags = Object.entries(values).map(([key, value]) => [key, flag(value)]);
  return [17, version, Object.fromEntries(flags), null];
}

/** When the changes of these tests were committed, in microseconds. */
export const COMMITTED_MICROS = 1_795_000_000_000_000;

export function delta(
  to: number,
  put: Record<string, unknown>,
  deleted: string[] = [],
  micros = COMMITTED_MICROS,
): unknown[] {
  const flags = Object.entries(put).map(([key, value]) => [key, flag(value, to)]);
  return [18, null, to, micros, Object.fromEntries(flags), deleted, null, null];
}

/** The one delta that answers a CONTEXT. */
export function answer(to: number, put: Record<string, unknown> = {}, deleted: string[] = []): unknown[] {
  return delta(to, put, deleted, 0);
}
