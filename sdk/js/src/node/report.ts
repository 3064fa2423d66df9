/** What evaluations are told to the hub as: counts of outcomes, and exposures of flags that are tracked. */

import type { FlagProgram } from "../engine/flag.js";
import type { JsonMap } from "../json.js";
import type { Clock, Context, ContextLike } from "../types.js";
import type { Assigned } from "../usage/exposures.js";
import { createExposures } from "../usage/exposures.js";
import type { Usage } from "../usage/usage.js";
import type { Answer } from "./answer.js";

/** For how long one exposure stands for those like it. */
const EXPOSED_MS = 60_000;

/** Returns what takes an evaluation down. */
export function createReport(usage: Usage, clock: Clock) {
  const expose = createExposures(usage, clock, EXPOSED_MS);

  return (flag: string, answer: Answer, program: FlagProgram | null | undefined, context: Context): void => {
    usage.count(flag, answer.flagVersion ?? null, answer.variation ?? null, answer.reason);
    if (program?.track) expose(flag, answer, context?.targetingKey, assigned(answer, program, context));
  };
}

/** The rule that matched, and what its split bucketed where that is not the targeting key. */
function assigned(
  { reason, ruleId = "", ruleIndex }: Answer,
  program: FlagProgram,
  context: Context,
): Assigned {
  const rule = ruleIndex === undefined ? undefined : program.rules[ruleIndex];
  const of = rule ? { rule: ruleId } : {};
  const { by } = rule?.serve ?? program.fallthrough;
  if (reason !== "SPLIT" || !by || by.name === "targetingKey") return of;
  const unit = by.resolve?.(context);
  // What was bucketed is a string or a whole number.
  return { ...of, unit: String(unit) };
}

/** What `track` was told, as a batch has it. */
export function trackedEvent(event: string, context?: ContextLike, value?: number): JsonMap {
  const targetingKey = context?.targetingKey;
  return {
    event,
    ...(value !== undefined && Number.isFinite(value) ? { value } : {}),
    ...(typeof targetingKey === "string" ? { targetingKey } : {}),
  };
}
