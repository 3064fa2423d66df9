/**
 * A socket that may be another tab's. Tabs queue for a lock: the one that holds it leads, has the socket to the hub,
 * and passes on what it hears; the others ask it for what they lack. A tab that gets the lock later opens a socket in
 * the middle of its own stream, resuming at the version it has: nothing is lost, whenever the one before went.
 */

import { fingerprint } from "../fingerprint.js";
import type { ServerFrame } from "../frames.js";
import * as type from "../frames.js";
import { attempt } from "../json.js";
import { decode, encode } from "../msgpack.js";
import type { Clock, Json, SocketConstructor, SocketLike } from "../types.js";
import type { State } from "../values.js";
import { follow } from "./values.js";

/** How long the tab that leads may take to answer before this one connects by itself. */
export const ANSWER_MS = 3000;

/** The part of BroadcastChannel that is used. */
export interface Channel {
  onmessage: ((event: never) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The part of Web Locks that is used. */
export interface LockManagerLike {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>;
}

export interface Platform {
  readonly WebSocket: SocketConstructor;
  readonly locks: LockManagerLike;
  readonly BroadcastChannel: new (name: string) => Channel;
  readonly clock: Clock;
  /** What was received last, by what is shared: a tab that reconnects may go on from it. */
  readonly memory: Map<string, State>;
}

/** What tabs say to each other. `by` is a tab, `to` the one that is meant. Frames are bytes as on the socket. */
type Message =
  | { readonly kind: "ask"; readonly by: string; readonly epoch: string | null; readonly version: number }
  | { readonly kind: "answer"; readonly by: string; readonly to: string; readonly frames: Uint8Array[] }
  | { readonly kind: "lead"; readonly by: string }
  | { readonly kind: "frame"; readonly by: string; readonly frame: Uint8Array }
  | { readonly kind: "send"; readonly to: string; readonly frame: Uint8Array };

export function createSharedSocket(url: string, protocols: string, platform: Platform): SocketLike {
  const { WebSocket, locks, BroadcastChannel, clock, memory } = platform;
  const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let key: Json = null;
  let context: Json = null;
  let sdk: Json = null;
  /** What this tab shares with those of the same hub, key and context. */
  let group = "";
  let channel: Channel | null = null;
  let leave = new AbortController();
  /** The tab whose frames are taken; this one, where it has a socket. */
  let leader: string | null = null;
  let real: SocketLike | null = null;
  let state: State | null = null;
  let epoch = "";
  let heartbeat = 0;
  /** Whether the hub's values are in. */
  let current = false;
  /** A CONTEXT waits for its answer. */
  let owed = false;
  /** The hub is going: no new socket is opened in its stead. */
  let leaving = false;
  let cancelWait = (): void => undefined;

  const socket: SocketLike = {
    binaryType: "arraybuffer",
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: hear,
    close(code) {
      part();
      attempt(() => real?.close(code));
      real = null;
    },
  };
  queueMicrotask(() => socket.onopen?.({} as never));

  /** The client speaks. */
  function hear(bytes: Uint8Array<ArrayBuffer>): void {
    const [kind, ...elements] = decode(bytes) as [number, ...Json[]];
    if (kind === type.HELLO) {
      const [, resume] = elements;
      [key = null, , context = null, sdk = null] = elements;
      join();
      // What the client does not offer to go on from, it does not have.
      const kept = memory.get(group);
      const offered = JSON.stringify(resume) === JSON.stringify([kept?.epoch, kept?.version]);
      state = offered && kept ? kept : null;
      ask();
    } else if (kind === type.CONTEXT) {
      [context = null] = elements;
      owed = true;
      part();
      silence();
      join();
      state = null;
      ask();
    } else if (real) real.send(bytes);
    else if (kind === type.EVENTS && leader) post({ kind: "send", to: leader, frame: bytes });
  }

  function join(): void {
    group = `peekaboo:${fingerprint(JSON.stringify([url, key, context]))}`;
    current = false;
    leave = new AbortController();
    const { signal } = leave;
    channel = new BroadcastChannel(group);
    channel.onmessage = ({ data }: { data: Message }) => told(data);
    const held = (): Promise<void> =>
      new Promise((release) => {
        signal.addEventListener("abort", () => release());
        if (signal.aborted) release();
        else connect();
      });
    locks.request(group, { signal }, held).catch(() => {
      if (!signal.aborted) alone();
    });
    cancelWait = clock.after(ANSWER_MS, alone);
  }

  /** Shares no more: gives the lock back, or no longer waits for it. */
  function part(): void {
    cancelWait();
    leave.abort();
    channel?.close();
    channel = leader = null;
  }

  function alone(): void {
    part();
    connect();
  }

  function post(message: Message): void {
    channel?.postMessage(message);
  }

  function ask(): void {
    leader = null;
    post({ kind: "ask", by: id, epoch: state?.epoch ?? null, version: state?.version ?? 0 });
  }

  /** Another tab speaks. */
  function told(message: Message): void {
    if (real) toldAsLeader(message, real);
    else if (message.kind === "lead") ask();
    else if (message.kind === "frame" && message.by === leader) received(message.frame);
    else if (message.kind === "answer" && message.to === id) {
      // Without frames it only says that it is there, and is waiting for the hub itself.
      cancelWait();
      if (message.frames.length > 0) leader = message.by;
      for (const frame of message.frames) received(frame);
    }
  }

  function toldAsLeader(message: Message, hub: SocketLike): void {
    if (message.kind === "ask") post({ kind: "answer", by: id, to: message.by, frames: answer(message) });
    else if (message.kind === "send" && message.to === id) hub.send(message.frame as Uint8Array<ArrayBuffer>);
  }

  /** What a tab that has that version lacks. */
  function answer(asked: { readonly epoch: string | null; readonly version: number }): Uint8Array[] {
    if (!current || !state) return [];
    const { version, values } = state;
    const mode = asked.epoch === epoch && asked.version === version ? type.CURRENT : type.SNAPSHOT_FOLLOWS;
    const welcome = encode([type.WELCOME, id, epoch, version, mode, heartbeat]);
    if (mode === type.CURRENT) return [welcome];
    const flags = Object.fromEntries(values) as unknown as Json;
    return [welcome, encode([type.SNAPSHOT, version, flags, null])];
  }

  /** Opens a socket to the hub, which this tab then leads with, if it shares. */
  function connect(): void {
    cancelWait();
    if (leaving) {
      end(4000, "");
      return;
    }
    leader = id;
    current = false;
    let fresh: SocketLike;
    try {
      fresh = new WebSocket(url, protocols);
    } catch {
      end(1006, "");
      return;
    }
    real = fresh;
    fresh.binaryType = "arraybuffer";
    fresh.onopen = () => {
      const resume = state?.epoch ? [state.epoch, state.version] : null;
      fresh.send(encode([type.HELLO, key, resume, context, sdk]));
    };
    fresh.onmessage = ({ data }: { data: ArrayBuffer }) => received(new Uint8Array(data));
    fresh.onerror = () => undefined;
    fresh.onclose = ({ code, reason }: { code: number; reason: string }) => end(code, reason);
  }

  function end(code: number, reason: string): void {
    part();
    silence();
    socket.onclose?.({ code, reason } as never);
  }

  /** Lets go of the socket to the hub. */
  function silence(): void {
    if (!real) return;
    const old = real;
    real = null;
    old.onopen = old.onmessage = old.onclose = null;
    attempt(() => old.close(1000));
  }

  /** The hub speaks, to this tab or to the one that leads. */
  function received(bytes: Uint8Array): void {
    const frame = attempt(() => type.readFrame(bytes));
    const before = current;
    if (frame) attempt(() => take(frame));
    // The client checks it again, and closes where it is malformed.
    socket.onmessage?.({ data: bytes.slice().buffer } as never);
    if (!current || !frame || !state) return;
    if (owed) {
      owed = false;
      const nothing = encode([type.DELTA, null, state.version, 0, {}, [], null, null]);
      socket.onmessage?.({ data: nothing.buffer } as never);
    }
    if (!real) return;
    if (!before) post({ kind: "lead", by: id });
    else if (frame[0] !== type.WELCOME) post({ kind: "frame", by: id, frame: bytes });
  }

  function take(frame: ServerFrame): void {
    if (frame[0] === type.WELCOME) {
      epoch = frame[2];
      heartbeat = frame[5];
      current = frame[4] === type.CURRENT;
    } else if (frame[0] === type.SNAPSHOT || frame[0] === type.DELTA) current = true;
    else if (frame[0] === type.GOAWAY) leaving = true;
    state = follow(state, frame, epoch);
    if (state) memory.set(group, state);
  }

  return socket;
}
