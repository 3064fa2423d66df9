/** Rulesets: compiled once when they are loaded, replaced rather than changed. A malformed flag spoils no other. */

import type { Json } from "../types.js";
import type { FlagProgram } from "./flag.js";
import { compileFlag } from "./flag.js";
import type { References } from "./references.js";
import { createReferences } from "./references.js";
import type { SegmentProgram } from "./segment.js";
import { compileSegment } from "./segment.js";
import type { Fields } from "./shape.js";
import { isFields, Malformed, member, optional, text, whole } from "./shape.js";

/** A flag or a segment of a ruleset. */
export interface Entry<Program> {
  /** As it was written. */
  readonly json: Json;
  /** Null where it is malformed. */
  readonly program: Program | null;
  /** Why it is malformed. */
  readonly fault: string | null;
  readonly references: References;
}

export type FlagEntry = Entry<FlagProgram>;
export type SegmentEntry = Entry<SegmentProgram>;

export interface Ruleset {
  /** Names the history that the version belongs to. */
  readonly epoch: string;
  readonly version: number;
  readonly flags: ReadonlyMap<string, FlagEntry>;
  readonly segments: ReadonlyMap<string, SegmentEntry>;
}

/** What leads from one version to another. */
export interface Changes {
  readonly version: number;
  readonly putFlags: Fields;
  readonly deletedFlags: readonly string[];
  readonly putSegments: Fields;
  readonly deletedSegments: readonly string[];
}

/**
 * Loads a ruleset, keeping the good flags and segments beside malformed ones. Its values are frozen.
 *
 * @throws TypeError if the value is not a ruleset.
 */
export function loadRuleset(json: Json): Ruleset {
  if (!isFields(json)) {
    throw new TypeError("a ruleset is an object with the fields epoch, version, flags and segments");
  }
  return {
    ...head(json),
    flags: compileAll(entries(json, "flags"), compileFlag),
    segments: compileAll(entries(json, "segments"), compileSegment),
  };
}

/** The ruleset after a change. It shares every flag and segment that the change leaves alone. */
export function patchRuleset(ruleset: Ruleset, changes: Changes): Ruleset {
  return {
    epoch: ruleset.epoch,
    version: changes.version,
    flags: patch(ruleset.flags, compileAll(changes.putFlags, compileFlag), changes.deletedFlags),
    segments: patch(
      ruleset.segments,
      compileAll(changes.putSegments, compileSegment),
      changes.deletedSegments,
    ),
  };
}

function head(json: Fields): Pick<Ruleset, "epoch" | "version"> {
  try {
    return { epoch: optional(json, "epoch", text, ""), version: optional(json, "version", whole, 0) };
  } catch (error) {
    throw new TypeError(`a ruleset's ${messageOf(error)}`);
  }
}

/** What is there by key; it may be absent or null. */
function entries(json: Fields, name: string): Fields {
  const found = member(json, name) ?? {};
  if (!isFields(found)) throw new TypeError(`a ruleset's ${name} must be an object, by key`);
  return found;
}

type Compile<Program> = (json: Json) => { program: Program; references: References };

function compileAll<Program>(json: Fields, compile: Compile<Program>): Map<string, Entry<Program>> {
  return new Map(Object.entries(json).map(([key, each]) => [key, compileOne(each, compile)]));
}

function compileOne<Program>(json: Json, compile: Compile<Program>): Entry<Program> {
  try {
    return { json, fault: null, ...compile(json) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { json, program: null, fault: error.message, references: createReferences() };
  }
}

function patch<T>(
  map: ReadonlyMap<string, T>,
  put: ReadonlyMap<string, T>,
  deleted: readonly string[],
): ReadonlyMap<string, T> {
  if (put.size + deleted.length === 0) return map;
  const next = new Map(map);
  for (const key of deleted) next.delete(key);
  for (const [key, value] of put) next.set(key, value);
  return next;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
