/** What a server key's client and its hub say to each other: which rules are held, and what to ask for next. */

import type { Ruleset } from "../engine/ruleset.js";
import { loadRuleset, patchRuleset } from "../engine/ruleset.js";
import * as type from "../frames.js";
import { check } from "../json.js";
import { SDK } from "../version.js";

export interface ServerSessionOptions {
  readonly key: string;
  /** Rules that a hub gave an earlier process, which can be continued. */
  readonly kept: Ruleset | null;
  send(frame: type.ClientFrame): void;
  /** Other rules are to be held from now on. */
  hold(ruleset: Ruleset, committedAt: number | null): void;
  /** The hub has said which environment the rules are of. */
  named(flagSetId: string): void;
  /** The connection has brought the hub's current rules. */
  settled(): void;
}

export interface ServerSession {
  /** The frame that begins a connection. */
  hello(resumable: boolean): type.ClientFrame;
  receive(frame: type.ServerFrame): void;
}

export function createServerSession({
  key,
  kept,
  send,
  hold,
  named,
  settled,
}: ServerSessionOptions): ServerSession {
  /** The rules that a hub gave, which alone can be continued. */
  let held = kept;
  /** The epoch of this connection. */
  let epoch = "";
  /** Deltas mean nothing before WELCOME has said what they continue, nor before a snapshot that it announced. */
  let awaitingSnapshot = true;
  let resyncing = false;

  function replace(ruleset: Ruleset, committedAt: number | null): void {
    held = ruleset;
    awaitingSnapshot = resyncing = false;
    hold(ruleset, committedAt);
    settled();
  }

  function welcome(version: number, mode: number): void {
    awaitingSnapshot = mode === type.SNAPSHOT_FOLLOWS;
    if (awaitingSnapshot) return;
    // A hub can only continue what was offered to it.
    check(held?.epoch === epoch);
    if (mode !== type.CURRENT) return;
    check(held.version === version);
    settled();
  }

  function delta([
    ,
    from,
    to,
    micros,
    putFlags,
    deletedFlags,
    putSegments,
    deletedSegments,
  ]: type.DeltaFrame) {
    check(from !== null);
    // What precedes the snapshot is in it.
    if (awaitingSnapshot || !held || to <= held.version) return;
    if (from !== held.version) {
      if (!resyncing) send([type.RESYNC, epoch, held.version]);
      resyncing = true;
      return;
    }
    const changes = { putFlags, deletedFlags, putSegments: putSegments ?? {} };
    const next = patchRuleset(held, { version: to, ...changes, deletedSegments: deletedSegments ?? [] });
    replace(next, micros / 1000);
  }

  return {
    hello(resumable) {
      awaitingSnapshot = true;
      resyncing = false;
      return [type.HELLO, key, resumable && held ? [held.epoch, held.version] : null, null, SDK];
    },
    receive(frame) {
      if (frame[0] === type.WELCOME) {
        epoch = frame[2];
        if (frame[6]) named(frame[6]);
        welcome(frame[3], frame[4]);
      } else if (frame[0] === type.SNAPSHOT) {
        const [, version, flags, segments] = frame;
        replace(loadRuleset({ epoch, version, flags, segments }), null);
      } else if (frame[0] === type.DELTA) delta(frame);
    },
  };
}
