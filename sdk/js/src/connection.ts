/**
 * One socket after another to the same hub: opens, notices loss, waits, opens again. It answers what concerns the
 * connection itself (PING, GOAWAY, close codes) and hands everything else on; it knows nothing of flags.
 */

import { backoff } from "./backoff.js";
import type { ClientFrame, ServerFrame } from "./frames.js";
import { readFrame, SUBPROTOCOL } from "./frames.js";
import { attempt, check, NEVER, nothing } from "./json.js";
import { encode } from "./msgpack.js";
import type { ClientError, Clock, SocketConstructor, SocketLike, Status } from "./types.js";

export interface ConnectionOptions {
  readonly url: string;
  /** Looked up for every attempt. */
  WebSocket: SocketConstructor;
  readonly clock: Clock;
  readonly random: () => number;
  /** The first frame of a new socket. `resumable` is false where the last one broke in a way that asks for a snapshot. */
  hello(resumable: boolean): ClientFrame;
  /** A frame that is not the connection's own. What this throws counts as a malformed frame. */
  receive(frame: ServerFrame): void;
  /** No connection has lasted for some attempts: perhaps sockets are not let through. May change `WebSocket`. */
  blocked(): void;
  /** Every change of the status but to `live`, which is for the receiver of the values to know. */
  status(status: Status): void;
  error(error: ClientError): void;
}

export interface Connection {
  /** Opens a socket if there is none and none is forbidden: at first, after `pause`, or ahead of a backoff's end. */
  open(): void;
  /** Sends on the open socket; without one the frame is dropped. */
  send(frame: ClientFrame): void;
  /** Reports an error, which is temporary unless it is said otherwise. */
  fail(code: ClientError["code"], message: unknown, temporary?: boolean): void;
  /** Closes the socket until `open`. */
  pause(): void;
  /** Closes the socket for good. */
  close(): void;
}

export function createConnection(options: ConnectionOptions): Connection {
  // Within the function, since minifiers write such constants where they are used.
  /** The types of messages that concern a connection, as in `frames.ts`. */
  const ALIVE = 4;
  const WELCOME = 16;
  const ERROR = 20;
  const GOAWAY = 21;
  const PING = 22;
  /** How long a socket may take from its opening to WELCOME. */
  const CONNECT_TIMEOUT_MS = 10_000;
  /** A connection that lived for this long lets the next backoff begin again. */
  const STABLE_MS = 60_000;
  /** The longest wait that a GOAWAY is believed. */
  const MAX_GOAWAY_MS = 300_000;
  /** Heartbeats of silence after which a connection is given up. The hub may skip one where it has sent data. */
  const SILENT_HEARTBEATS = 2.5;
  /** After how many losses in a row another way is looked for. */
  const BLOCKED_AFTER = 3;
  /** The close codes from here to there refuse the client as it is. `docs/protocol.md` names them all. */
  const FIRST_REFUSAL = 4500;
  const LAST_REFUSAL = 4999;
  /** The shortest wait after a first refusal, which doubles with each, and after the last of many. */
  const FIRST_REFUSED_MS = 5_000;
  const LONGEST_REFUSED_MS = 150_000;
  /** The close code that asks for a whole snapshot: what the client holds cannot be continued. */
  const RESYNC_CLOSE = 4004;
  /** The close code of a peer that has fallen silent. */
  const NO_HEARTBEAT_CLOSE = 4001;

  const { clock, random } = options;
  let socket: SocketLike | null = null;
  let ended = false;
  /** Reconnects in a row. */
  let attempts = 0;
  /** The hub refused the client, and has not welcomed it since. */
  let refused = false;
  /** Refusals in a row. A client that was never accepted counts some from the start, so that it waits for minutes. */
  let refusals = 5;
  let resumable = true;
  let welcomedAt = NEVER;
  /** When the hub was last heard, and how long it may be silent. */
  let heardAt = 0;
  let silenceMs = CONNECT_TIMEOUT_MS;
  let cancelWatch = nothing;
  let cancelRetry = nothing;
  /** The end of a GOAWAY's time. */
  let notBefore = 0;

  function open(): void {
    if (ended || socket) return;
    cancelRetry();
    const wait = notBefore - clock.now();
    if (wait > 0) {
      cancelRetry = clock.after(wait, open);
      return;
    }
    tell();
    if (ended) return;
    let fresh: SocketLike;
    try {
      fresh = new options.WebSocket(options.url, SUBPROTOCOL);
    } catch (error) {
      // A page's security policy can refuse the address; the page may be fixed without a reload.
      fail("socket", error);
      lost();
      return;
    }
    socket = fresh;
    fresh.binaryType = "arraybuffer";
    fresh.onopen = () => send(options.hello(resumable));
    fresh.onmessage = ({ data }: { data: unknown }) => heard(data);
    // What went wrong is not told here; `close` follows. Without a listener the `ws` package throws.
    fresh.onerror = nothing;
    fresh.onclose = ({ code, reason }: { code: number; reason: string }) => closed(code, reason);
    heardAt = clock.now();
    silenceMs = CONNECT_TIMEOUT_MS;
    watch();
  }

  function heard(data: unknown): void {
    heardAt = clock.now();
    try {
      check(typeof data !== "string");
      const frame = readFrame(new Uint8Array(data as ArrayBuffer));
      if (frame) receive(frame);
    } catch (error) {
      fail("protocol", error);
      resumable = false;
      drop(RESYNC_CLOSE);
      lost();
    }
  }

  function receive(frame: ServerFrame): void {
    switch (frame[0]) {
      case PING:
        send([ALIVE]);
        return;
      case GOAWAY:
        leave(frame[1], frame[2]);
        return;
      case ERROR:
        fail(frame[1], frame[2], frame[3]);
        return;
      case WELCOME:
        welcomedAt = heardAt;
        resumable = true;
        refused = false;
        refusals = 0;
        silenceMs = frame[5] * 1000 * SILENT_HEARTBEATS || NEVER;
        watch();
    }
    options.receive(frame);
  }

  /** Stays on the socket until its turn has come, or the hub closes it; then reconnects once the time is over. */
  function leave(minMs: number, maxMs: number): void {
    cancelRetry();
    const wait = Math.min(minMs + random() * (maxMs - minMs), MAX_GOAWAY_MS);
    notBefore = clock.now() + wait;
    cancelRetry = clock.after(wait, () => {
      attempts ||= 1;
      drop();
      open();
    });
  }

  function closed(code: number, reason: string): void {
    drop();
    if (code >= FIRST_REFUSAL && code <= LAST_REFUSAL) {
      refused = true;
      // A GOAWAY before it no longer counts.
      cancelRetry();
      notBefore = 0;
      fail(code, reason || "refused", false);
    }
    if (code === RESYNC_CLOSE) resumable = false;
    lost();
  }

  /** The socket is gone: comes back after the GOAWAY's time, or a backoff. */
  function lost(): void {
    if (ended) return;
    if (clock.now() - welcomedAt >= STABLE_MS) attempts = 0;
    welcomedAt = NEVER;
    // A refusal may pass, for the hub may be the wrong one for a moment, so no client gives up; but no one hurries.
    const wait = refused
      ? backoff(refusals++, () => 1 + random(), FIRST_REFUSED_MS, LONGEST_REFUSED_MS)
      : backoff(attempts++, random);
    tell();
    if (ended) return;
    if (attempts === BLOCKED_AFTER) options.blocked();
    if (clock.now() >= notBefore) cancelRetry = clock.after(wait, open);
  }

  /** Nothing but a welcome makes a refused client anything else. */
  function tell(): void {
    options.status(refused ? "stopped" : attempts ? "reconnecting" : "connecting");
  }

  /** Gives up a socket that has been silent for too long. Timers of a hidden page run late: the clock decides. */
  function watch(): void {
    cancelWatch();
    const left = heardAt + silenceMs - clock.now();
    if (left <= 0) {
      drop(NO_HEARTBEAT_CLOSE);
      lost();
    } else {
      cancelWatch = clock.after(left, watch);
    }
  }

  /** Lets go of the socket at once, not waiting for a peer that may never answer the closing handshake. */
  function drop(code = 1000): void {
    cancelWatch();
    const old = socket;
    socket = null;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    attempt(() => old.close(code));
  }

  function fail(code: ClientError["code"], message: unknown, temporary = true): void {
    options.error({ code, message: String(message), temporary });
  }

  function send(frame: ClientFrame): void {
    socket?.send(encode(frame));
  }

  /** Closes the socket and waits for nothing. */
  function halt(status: "paused" | "closed"): void {
    if (ended) return;
    ended = status === "closed";
    cancelRetry();
    attempts = 0;
    drop();
    options.status(status);
  }

  return {
    open,
    send,
    fail,
    pause: () => halt("paused"),
    close: () => halt("closed"),
  };
}
