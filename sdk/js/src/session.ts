/**
 * What a client key's client and its hub say to each other: which values are held, for which context, and what to
 * ask for next. Values of one context are never continued with changes made for another.
 */

import type { Cache } from "./cache.js";
import { fingerprint } from "./fingerprint.js";
import type * as type from "./frames.js";
import type { JsonMap } from "./json.js";
import { check } from "./json.js";
import type { State } from "./values.js";
import { patch, readValues } from "./values.js";
import { SDK } from "./version.js";

export interface SessionOptions {
  readonly key: string;
  /** Null where it is not one that a hub takes: nothing is held then, and nothing asked, until there is another. */
  readonly context: JsonMap | null;
  readonly cache: Cache;
  /** Values to begin with in place of the cached ones. */
  readonly initial: State | null;
  send(frame: type.ClientFrame): void;
  /** The values held have been replaced. Called once all else is in place. */
  changed(before: State | null, after: State, committedAt: number | null): void;
  /** The connection has brought the hub's current values. */
  settled(): void;
}

export interface Session {
  /** The current state; null until there is one. */
  state(): State | null;
  asked(): JsonMap | null;
  /** Whether the values held are those of the context wanted, and no answer for another is on its way. */
  matches(): boolean;
  /** The frame that begins a connection. */
  hello(resumable: boolean): type.ClientFrame;
  receive(frame: type.ServerFrame): void;
  /** The connection is gone. */
  lost(): void;
  identify(context: JsonMap): void;
  /** Keeps the values for the next visit. */
  save(): void;
}

/** The same members in another order make another name: that costs a snapshot, never a wrong value. */
function name(context: JsonMap | null): string {
  return fingerprint(JSON.stringify(context));
}

export function createSession(options: SessionOptions): Session {
  // Within the function, since minifiers write such constants where they are used.
  const HELLO = 0;
  const CONTEXT = 1;
  const WELCOME = 16;
  const SNAPSHOT = 17;
  const DELTA = 18;
  const CURRENT = 0;
  const SNAPSHOT_FOLLOWS = 2;

  const { cache } = options;
  let { context } = options;
  /** The names of three contexts: the one wanted, the one the hub was last told, the one the values are of, if known. */
  let wanted = name(context);
  let told = wanted;
  let held: string | null = wanted;
  let state = context && (options.initial ?? cache.load(wanted) ?? null);

  /** The epoch of this connection, and whether its first values have arrived. */
  let epoch = "";
  let current = false;
  /** HELLO is said: what comes is of the context told, and only that is continued. */
  let greeted = false;
  /** Deltas mean nothing before WELCOME has said what they continue, nor before a snapshot that it announced. */
  let awaitingSnapshot = true;

  function hold(next: State, committedAt: number | null): void {
    const before = state;
    state = next;
    options.changed(before, next, committedAt);
  }

  /** The hub's answer to the context last told is in: the values are of that context. */
  function answered(): void {
    held = told;
    current = true;
  }

  /** Asks for the context wanted, one question at a time: of many in a row only the last is worth an answer. */
  function ask(): void {
    if (!current || held !== told || told === wanted) return;
    told = wanted;
    options.send([CONTEXT, context]);
  }

  function welcome(version: number, mode: number): void {
    awaitingSnapshot = mode === SNAPSHOT_FOLLOWS;
    if (awaitingSnapshot) return;
    // A hub can only continue what was offered to it.
    check(state?.epoch === epoch && held === told);
    if (mode !== CURRENT) return;
    state = { ...state, version: Math.max(version, state.version) };
    answered();
  }

  function snapshot(version: number, flags: JsonMap): void {
    const values = readValues(flags);
    awaitingSnapshot = false;
    // While an answer is awaited it may be of the context before or after; the answer, which comes all the same, tells.
    if (current && held !== told) held = null;
    else answered();
    hold({ epoch, version, values }, null);
  }

  function delta([, from, to, micros, put, deleted]: type.DeltaFrame): void {
    // What precedes the snapshot is in it.
    if (awaitingSnapshot || !state) return;
    // The answer to CONTEXT may have the version held.
    if (to < state.version) return;
    // A client key's deltas apply to whatever is held.
    check(from === null);
    const values = patch(state.values, readValues(put), deleted);
    // Before the answer, which alone has no time of commit, deltas are still about the context told before.
    if (!current || !micros) answered();
    hold({ epoch: state.epoch, version: to, values }, micros ? micros / 1000 : null);
  }

  return {
    state: () => state,
    asked: () => context,
    matches: () => state !== null && held === wanted && (!current || told === wanted),
    hello(resumable) {
      told = wanted;
      greeted = true;
      const resume = resumable && state?.epoch && held === told ? [state.epoch, state.version] : null;
      return [HELLO, options.key, resume, context, SDK];
    },
    receive(frame) {
      const before = current;
      if (frame[0] === WELCOME) {
        epoch = frame[2];
        welcome(frame[3], frame[4]);
      } else if (frame[0] === SNAPSHOT) snapshot(frame[1], frame[2]);
      else if (frame[0] === DELTA) delta(frame);
      if (current && !before) options.settled();
      ask();
    },
    lost() {
      current = greeted = false;
      awaitingSnapshot = true;
    },
    identify(next) {
      context = next;
      wanted = name(next);
      const kept = greeted || held === wanted ? undefined : cache.load(wanted);
      if (kept) {
        held = wanted;
        hold(kept, null);
      }
      ask();
    },
    save() {
      if (state && held) cache.save(held, state);
    },
  };
}
