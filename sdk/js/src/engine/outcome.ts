/** What an evaluation comes to: the detail of `docs/evaluation.md`, with what says nothing left out. */

import type { Json } from "../types.js";

export type ServedReason =
  | "STATIC"
  | "DEFAULT"
  | "TARGETING_MATCH"
  | "SPLIT"
  | "DISABLED"
  | "PREREQUISITE_FAILED";

export type FailureCode = "FLAG_NOT_FOUND" | "TARGETING_KEY_MISSING" | "GENERAL";

/** Frozen and shared: an outcome is made when its flag is loaded. */
export interface Outcome {
  /** Null where the caller's default applies: then there is no variation. */
  readonly value: Json;
  readonly variation?: string;
  readonly reason: ServedReason | "ERROR";
  /** The rule that matched: its id, unless that is empty, and its place from 0. */
  readonly ruleId?: string;
  readonly ruleIndex?: number;
  /** The first prerequisite that failed. */
  readonly prerequisite?: string;
  readonly errorCode?: FailureCode;
  /** For people; the wording may change. */
  readonly errorDetails?: string;
  /** Absent where there is no flag, or a malformed one. */
  readonly flagVersion?: number;
}

export function failed(errorCode: FailureCode, errorDetails: string, flagVersion?: number): Outcome {
  const outcome: Outcome = { value: null, reason: "ERROR", errorCode, errorDetails };
  return Object.freeze(flagVersion === undefined ? outcome : { ...outcome, flagVersion });
}
