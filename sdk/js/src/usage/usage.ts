/**
 * Counts how an application uses its flags and sends it to the hub: collected between flushes, sent one batch at a time,
 * and sent again with the same id until it is acknowledged. Buffers are bounded; the rest is counted as dropped. This
 * module knows frames, but no sockets.
 */

import type { ClientFrame } from "../frames.js";
import { EVENTS, MAX_MESSAGE_BYTES } from "../frames.js";
import type { JsonMap } from "../json.js";
import type { Codec } from "../msgpack.js";
import { randomId } from "../random.js";
import type { Clock, Json } from "../types.js";
import type { Batch, Count } from "./batch.js";

/** How long usage is gathered, give or take a fifth, so that many clients do not send as one. */
export const FLUSH_MS = 10_000;

/** The most outcomes, and the most exposures and events, that are held for one batch after the other. */
export const MAX_COUNTS = 2_000;
export const MAX_RECORDS = 1_000;

/** The most that one exposure, event or count may take, in bytes: a longer one has no room. */
export const MAX_ENTRY_BYTES = 2_048;

/** What the entries of a batch take at most, in bytes; the rest of the message is for its own fields. */
const BATCH_BYTES = MAX_MESSAGE_BYTES - 1_024;

export interface UsageOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly encode: Codec["encode"];
  /** A new batch's id. Default: 128 random bits. */
  readonly id?: () => string;
  /** Sends on the open connection. Called between `connected` and `lost` alone. */
  send(frame: ClientFrame): void;
}

export interface Usage {
  /** Counts an evaluation by its outcome. */
  count(flag: string, flagVersion: number | null, variation: string | null, reason: string): void;
  /** Adds an exposure or an event, without its age: it happened at `at`, which is now unless it is said. */
  record(list: "exposures" | "events", entry: JsonMap, at?: number): void;
  /** So much was not told for want of room elsewhere. */
  drop(count: number): void;
  /** The batch that is to be acknowledged next, formed now if there is none; null where there is nothing to tell. */
  next(): Batch | null;
  /** The hub holds this batch: by ACK, or because it was handed over in another way. */
  acknowledge(id: string): void;
  /** The hub can never count the batch that it was sent: it is not sent again. */
  giveUp(): void;
  /** A connection is up: sends what was not acknowledged, and from now on every ten seconds or so. */
  connected(): void;
  /** The connection is gone, or takes no events: nothing is sent until `connected`. */
  lost(): void;
  /** Sends the next batch now, if there is a connection. */
  flush(): void;
  /** Whether everything told was acknowledged. */
  empty(): boolean;
}

interface Counter {
  readonly flagVersion: number | null;
  readonly variation: string | null;
  readonly reason: string;
  count: number;
}

interface Entry {
  readonly list: "exposures" | "events";
  readonly entry: JsonMap;
  readonly at: number;
}

export function createUsage({ clock, random, encode, id = randomId, send }: UsageOptions): Usage {
  /** By flag. A flag has few outcomes at a time: a list of them is searched faster than a joined key is hashed. */
  const counters = new Map<string, Counter[]>();
  let outcomes = 0;
  let entries: Entry[] = [];
  let dropped = 0;
  /** The batch that was formed and not acknowledged yet. */
  let batch: Batch | null = null;
  /** Whether more than fitted into that batch was waiting. */
  let overflowed = false;
  let online = false;
  let cancel = (): void => undefined;

  const size = (entry: Json): number => encode(entry).length;

  function schedule(): void {
    cancel = clock.after(FLUSH_MS * (0.8 + 0.4 * random()), () => {
      schedule();
      flush();
    });
  }

  function flush(): void {
    const due = online && next();
    if (due) send([EVENTS, due]);
  }

  function next(): Batch | null {
    batch ??= empty() ? null : form();
    return batch;
  }

  function form(): Batch {
    let room = BATCH_BYTES;
    overflowed = false;
    const fits = (entry: Json): boolean => {
      room -= size(entry);
      overflowed ||= room < 0;
      return !overflowed;
    };
    const now = clock.now();
    const lists = { exposures: [] as JsonMap[], events: [] as JsonMap[] };
    const left: Entry[] = [];
    for (const each of entries) {
      const aged = { ...each.entry, ageMillis: Math.max(0, Math.round(now - each.at)) };
      if (fits(aged)) lists[each.list].push(aged);
      else left.push(each);
    }
    entries = left;
    const counts = takeCounts(fits);
    const formed: Batch = { id: id(), counts, ...lists, dropped };
    dropped = 0;
    return formed;
  }

  function takeCounts(fits: (count: Json) => boolean): Count[] {
    const taken: Count[] = [];
    for (const [flag, list] of counters) {
      const left = list.filter(({ flagVersion, variation, reason, count }) => {
        const entry: Count = [flag, flagVersion, variation, reason, count];
        const fitted = fits(entry);
        if (fitted) taken.push(entry);
        return !fitted;
      });
      if (left.length > 0) counters.set(flag, left);
      else counters.delete(flag);
    }
    outcomes -= taken.length;
    return taken;
  }

  /** Nothing more is to be heard of the batch that was sent. */
  function settle(): void {
    batch = null;
    if (overflowed) flush();
  }

  function empty(): boolean {
    return !batch && outcomes + entries.length + dropped === 0;
  }

  return {
    count(flag, flagVersion, variation, reason) {
      const list = counters.get(flag) ?? [];
      for (const counter of list) {
        const same =
          counter.variation === variation && counter.flagVersion === flagVersion && counter.reason === reason;
        if (!same) continue;
        counter.count++;
        return;
      }
      if (outcomes >= MAX_COUNTS || size([flag, variation, reason]) > MAX_ENTRY_BYTES) {
        dropped++;
        return;
      }
      counters.set(flag, list);
      list.push({ flagVersion, variation, reason, count: 1 });
      outcomes++;
    },
    record(list, entry, at = clock.now()) {
      if (entries.length < MAX_RECORDS && size(entry) <= MAX_ENTRY_BYTES) {
        entries.push({ list, entry, at });
      } else dropped++;
    },
    drop(count) {
      dropped += count;
    },
    next,
    acknowledge(acknowledged) {
      if (batch?.id === acknowledged) settle();
    },
    giveUp() {
      if (batch) settle();
    },
    connected() {
      cancel();
      online = true;
      schedule();
      if (batch) flush();
    },
    lost() {
      cancel();
      online = false;
    },
    flush,
    empty,
  };
}
