/** What a flag serves to who asks for a type: the engine's outcome, or why that cannot be given. */

import { evaluate } from "../engine/evaluate.js";
import type { Outcome } from "../engine/outcome.js";
import type { Ruleset } from "../engine/ruleset.js";
import type { Context } from "../types.js";
import type { ServerDetail, ServerErrorCode } from "./types.js";

export type Answer = Omit<Outcome, "errorCode"> & { readonly errorCode?: ServerErrorCode };

/** `type` is what `typeof` says of the value asked for; without it any will do. Never throws. */
export function answer(
  ruleset: Ruleset | null,
  key: string,
  context: Context,
  type: string | undefined,
): Answer {
  if (!ruleset) return failed("PROVIDER_NOT_READY", "no rules yet");
  if (!isContext(context)) {
    return failed(
      "INVALID_CONTEXT",
      "the context must be an object, and its targetingKey a string if present",
    );
  }
  const outcome = evaluate(ruleset, key, context);
  const { variation, value, flagVersion } = outcome;
  if (variation === undefined || !type || typeof value === type) return outcome;
  const mismatch = failed("TYPE_MISMATCH", `not a ${type}`);
  return flagVersion === undefined ? mismatch : { ...mismatch, flagVersion };
}

/** The answer as an application sees it, with its default where nothing is served. */
export function describe<T>({ variation, value, ...rest }: Answer, fallback: T): ServerDetail<T> {
  return {
    value: variation === undefined ? fallback : (value as T),
    variation: variation ?? null,
    ...rest,
  };
}

function isContext(context: Context): boolean {
  if (typeof context !== "object" || context === null || Array.isArray(context)) return false;
  const { targetingKey } = context as { targetingKey?: unknown };
  return targetingKey === undefined || targetingKey === null || typeof targetingKey === "string";
}

function failed(errorCode: ServerErrorCode, errorDetails: string): Answer {
  return { value: null, reason: "ERROR", errorCode, errorDetails };
}
