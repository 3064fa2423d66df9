/**
 * The hub's end of a connection, in the same process: it answers at once, and speaks the stream's messages, so that the
 * client under test is the one that applications use.
 */

import type { ClientFrame, ServerFrame } from "../frames.js";
import * as type from "../frames.js";
import type { JsonMap } from "../json.js";
import { decode, encode } from "../msgpack.js";
import type { Context, Json, SocketConstructor, SocketLike } from "../types.js";
import type { FlagTable } from "./flags.js";

export interface LocalHub {
  readonly WebSocket: SocketConstructor;
  /** Accepts the connection that waits, and every later one. */
  goOnline(): void;
  /** Ends the connection, and accepts none. */
  goOffline(): void;
  /** Sends the flags of these keys, and that those which are gone are. */
  publish(keys: readonly string[]): void;
}

export function createLocalHub(flags: FlagTable): LocalHub {
  let online = false;
  let socket: SocketLike | null = null;
  let context: Context = {};

  /** Called with `new`, which gives what a function returns. */
  function LocalSocket(): SocketLike {
    const opened: SocketLike = {
      binaryType: "arraybuffer",
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (bytes) => hear(decode(bytes) as unknown as ClientFrame),
      close() {
        if (socket === opened) socket = null;
      },
    };
    socket = opened;
    if (online) queueMicrotask(() => opened.onopen?.({} as never));
    return opened;
  }

  function hear([kind, ...elements]: ClientFrame): void {
    if (kind === type.HELLO) {
      context = elements[2] as Context;
      say([type.WELCOME, "test", "test", flags.version(), type.SNAPSHOT_FOLLOWS, 0]);
      say([type.SNAPSHOT, flags.version(), served(flags.keys()), null]);
    } else if (kind === type.CONTEXT) {
      context = elements[0] as Context;
      // Without a time of commit, which is how the answer to CONTEXT is known.
      change(flags.keys(), 0);
    }
  }

  function say(frame: ServerFrame): void {
    socket?.onmessage?.({ data: encode(frame as unknown as Json).buffer } as never);
  }

  function change(keys: readonly string[], committedAtMicros: number): void {
    const gone = keys.filter((key) => flags.versionOf(key) === 0);
    const put = served(keys.filter((key) => !gone.includes(key)));
    say([type.DELTA, null, flags.version(), committedAtMicros, put, gone, null, null]);
  }

  /** Flags as a client key receives them. */
  function served(keys: readonly string[]): JsonMap {
    return Object.fromEntries(
      keys.map((key) => {
        const value = flags.valueFor(key, context);
        const version = flags.versionOf(key);
        if (value === undefined) return [key, [null, null, "DEFAULT", version]];
        return [key, [value, "test", flags.depends(key) ? "TARGETING_MATCH" : "STATIC", version]];
      }),
    );
  }

  return {
    WebSocket: LocalSocket as unknown as SocketConstructor,
    goOnline() {
      if (online) return;
      online = true;
      socket?.onopen?.({} as never);
    },
    goOffline() {
      online = false;
      const ended = socket;
      socket = null;
      ended?.onclose?.({ code: 1006, reason: "" } as never);
    },
    publish: (keys) => change(keys, Date.now() * 1000),
  };
}
