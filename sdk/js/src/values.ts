/** The values a client key receives, and what changed in them. Never does I/O. */

import { fits } from "./frames.js";
import type { JsonMap } from "./json.js";
import { check, isObject } from "./json.js";
import type { FlagMetadata, Json } from "./types.js";

/** A flag as the hub evaluated it. Variation null with value null: the caller's default. */
export type FlagValue = readonly [
  value: Json,
  variation: string | null,
  reason: string,
  flagVersion: number,
  /** Absent where people noted nothing about the flag. */
  metadata?: FlagMetadata,
];

/** Values by flag key. A map, so that no flag's name can meet one of an object's own properties. */
export type FlagValues = ReadonlyMap<string, FlagValue>;

/** The values of one version, for one context. */
export interface State {
  /** The history that `version` belongs to; null where no connection may continue from these values. */
  readonly epoch: string | null;
  readonly version: number;
  readonly values: FlagValues;
}

/**
 * Reads flags as a snapshot, a delta or a stored copy has them. The values are frozen: every reader shares them.
 *
 * @throws RangeError where one is malformed; nothing of such a message is to be used.
 */
export function readValues(flags: JsonMap): FlagValues {
  const entries = Object.entries(flags);
  for (const [, entry] of entries) {
    check(Array.isArray(entry) && fits(entry, /^.[s-]sn/));
    freeze(entry);
  }
  return new Map(entries as unknown as [string, FlagValue][]);
}

/** The values after a delta. */
export function patch(values: FlagValues, put: FlagValues, deleted: readonly string[]): FlagValues {
  const next = new Map([...values, ...put]);
  for (const key of deleted) next.delete(key);
  return next;
}

/** The keys whose value differs, which is what an application sees; reasons and flag versions do not count. */
export function changedKeys(before: FlagValues, after: FlagValues): string[] {
  const text = (values: FlagValues, key: string) => JSON.stringify(served(values.get(key)));
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => text(before, key) !== text(after, key));
}

/** The value a flag serves; undefined where there is no flag, or it leaves the value to the caller's default. */
export function served(entry: FlagValue | undefined): Json | undefined {
  return entry && (entry[0] ?? entry[1]) !== null ? entry[0] : undefined;
}

function freeze(value: Json): void {
  if (!isObject(value)) return;
  for (const member of Object.values(value)) freeze(member);
  Object.freeze(value);
}
