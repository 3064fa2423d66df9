import type { Detail, Operator, TraceStep } from "@/api/types";
import { OPERATORS } from "@/domain/targeting/operators";

const REASONS: Record<Detail["reason"], string> = {
  STATIC: "everyone gets it",
  DEFAULT: "nothing above matched",
  TARGETING_MATCH: "a target or rule matched",
  SPLIT: "a percentage split decided",
  DISABLED: "the flag is off",
  PREREQUISITE_FAILED: "a prerequisite is not met",
  ERROR: "something is wrong",
};

/** Why a value came out, in words. */
export function reasonWords(
  detail: Pick<Detail, "reason" | "ruleId" | "ruleIndex" | "prerequisite" | "errorDetails">,
): string {
  if (detail.errorDetails) return detail.errorDetails;
  if (detail.prerequisite) return `the prerequisite ${detail.prerequisite} is not met`;
  if (detail.ruleIndex !== undefined)
    return `rule ${detail.ruleIndex + 1} (${detail.ruleId ?? "unnamed"}) matched`;
  return REASONS[detail.reason];
}

const KINDS: Record<Exclude<TraceStep["kind"], "clause">, string> = {
  off: "Off variation",
  variations: "Variations",
  prerequisite: "Prerequisite",
  target: "Target",
  rule: "Rule",
  fallthrough: "Everyone else",
  all: "All of",
  any: "Any of",
  not: "Not",
  segment: "Segment",
  flag: "Flag",
  bucket: "Percentage",
};

/** A step's name: "Rule 2", "Segment beta"; a condition speaks for itself. */
export function stepName({ kind, pointer, key }: TraceStep): string | undefined {
  if (kind === "clause") return undefined;
  const name = KINDS[kind];
  const place = /^\/(?:rules|targets)\/(\d+)$/.exec(pointer)?.[1];
  if (key) return `${name} ${key}`;
  return place === undefined ? name : `${name} ${Number(place) + 1}`;
}

const OPERATOR = new RegExp(`\\b(${Object.keys(OPERATORS).join("|")}) (?=\\[)`);

/** Why a step came out as it did, with operators in words and without the name that stands before it anyway. */
export function stepReason({ because }: TraceStep): string {
  return because
    .replace(/^rule [^:]+: /, "")
    .replace(OPERATOR, (_, op: Operator) => `${OPERATORS[op].words} `);
}
