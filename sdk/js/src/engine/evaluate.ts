/**
 * Evaluation: what a flag serves to a context, by the order of `docs/evaluation.md`. It reads no clock and does no I/O.
 * Flags and segments under evaluation are kept as a path, which finds cycles; depth and total work are bounded, so that
 * no ruleset makes an evaluation run away.
 */

import type { Context } from "../types.js";
import { bucketOf } from "./bucket.js";
import type { Condition } from "./condition.js";
import type { FlagProgram } from "./flag.js";
import { serve } from "./flag.js";
import type { Outcome } from "./outcome.js";
import { failed } from "./outcome.js";
import type { FlagEntry, Ruleset, SegmentEntry } from "./ruleset.js";
import { isMember } from "./scalar.js";

/** How many flags and segments may be under evaluation at once. */
const MAX_NESTING = 32;

/** How many flags and segments one evaluation enters in addition to the one asked for, counting repeats. */
const MAX_VISITS = 10_000;

/** Ends the evaluation, also for flags that depend on it. */
class Stop extends Error {}

/** Evaluates a flag for a context whose `targetingKey` is a string or absent. Never throws: errors are in the outcome. */
export function evaluate(ruleset: Ruleset, key: string, context: Context): Outcome {
  const flag = ruleset.flags.get(key);
  if (!flag) return failed("FLAG_NOT_FOUND", `there is no flag ${key}`);
  const { program, fault } = flag;
  if (!program) return failed("GENERAL", `the flag is malformed: ${fault}`);
  if (!program.enabled) return program.disabled;
  try {
    return new Evaluation(ruleset, context, flag).decide(program);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return failed("GENERAL", error.message, program.version);
  }
}

class Evaluation {
  private readonly path: (FlagEntry | SegmentEntry)[];
  private visits = 0;

  constructor(
    private readonly ruleset: Ruleset,
    private readonly context: Context,
    flag: FlagEntry,
  ) {
    this.path = [flag];
  }

  decide(program: FlagProgram): Outcome {
    if (!program.enabled) return program.disabled;
    if (program.lacking) return program.lacking;
    for (const { flag, variations, failed } of program.prerequisites) {
      if (!this.serves(flag, variations)) return failed;
    }
    for (const { members, outcome } of program.targets) {
      if (members && isMember(members, this.context)) return outcome;
    }
    for (const rule of program.rules) {
      const outcome = this.holds(rule.when) ? serve(rule.serve, this.context) : null;
      if (outcome) return outcome;
    }
    return serve(program.fallthrough, this.context) ?? program.keyMissing;
  }

  private holds(condition: Condition): boolean {
    switch (condition.kind) {
      case "clause":
        return condition.holds(this.context);
      case "all":
        return condition.conditions.every((each) => this.holds(each));
      case "any":
        return condition.conditions.some((each) => this.holds(each));
      case "not":
        return !this.holds(condition.condition);
      case "segment":
        return this.belongs(condition.segment);
      case "flag":
        return this.serves(condition.flag, condition.variations);
      case "bucket": {
        const { by, from, below } = condition;
        const bucket = by.resolve && bucketOf(by.seed, by.resolve(this.context));
        return bucket !== null && from <= bucket && bucket < below;
      }
    }
  }

  /** Whether a flag is enabled and serves one of the variations. */
  private serves(key: string, variations: readonly string[]): boolean {
    const flag = this.ruleset.flags.get(key);
    if (!flag?.program) return false;
    if (this.path.includes(flag)) throw new Stop("it depends on itself");
    this.enter(flag);
    const { variation, reason } = this.decide(flag.program);
    this.path.pop();
    return reason !== "DISABLED" && variation !== undefined && variations.includes(variation);
  }

  private belongs(key: string): boolean {
    const segment = this.ruleset.segments.get(key);
    // In a cycle the reference that closes it does not match, and the rest of the segment still counts.
    if (!segment?.program || this.path.includes(segment)) return false;
    this.enter(segment);
    const { included, excluded, when } = segment.program;
    const belongs =
      isMember(included, this.context) || (!isMember(excluded, this.context) && this.holds(when));
    this.path.pop();
    return belongs;
  }

  private enter(subject: FlagEntry | SegmentEntry): void {
    this.visits++;
    if (this.visits > MAX_VISITS) {
      throw new Stop(`it needs more than ${MAX_VISITS} evaluations of flags and segments`);
    }
    if (this.path.length === MAX_NESTING) {
      throw new Stop(`it depends on flags and segments more than ${MAX_NESTING} deep`);
    }
    this.path.push(subject);
  }
}
