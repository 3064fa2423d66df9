import type { Detail, TraceStep } from "@/api/types";
import { catalog } from "@/lib/language/catalog";

/** Each reads after "because". */
const reasons: Record<Detail["reason"], string> = {
  STATIC: "everyone gets this variation",
  DEFAULT: "no rule matched",
  TARGETING_MATCH: "a target or rule matched",
  SPLIT: "a percentage split chose it",
  DISABLED: "the flag is off",
  PREREQUISITE_FAILED: "a prerequisite is not met",
  ERROR: "the evaluation failed",
};

const steps: Record<Exclude<TraceStep["kind"], "clause">, string> = {
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

export const messages = catalog("playground", {
  context: "Context",
  contextHelp: "The evaluation context that your application would send, as JSON.",
  notObject: 'The context must be an object, such as { "targetingKey": "user-1" }.',
  evaluate: (environment: string) => `Evaluate in ${environment}`,
  anonymous: "anonymous",
  result: "Result",
  empty: "Evaluate a context to see which variation it gets, and why.",
  because: (reason: string) => `because ${reason}`,
  draft: {
    included: (environment: string) =>
      `You have unsaved changes in ${environment}. The result includes them and shows what is served now beside it.`,
    unusable: (problem: string) =>
      `Your unsaved changes aren’t complete, so the saved targeting is evaluated. ${problem}`,
    badge: "With your unsaved changes",
    now: "Served now",
  },
  value: "Value",
  steps: "Step by step",
  truncated: "Some steps are not shown.",
  matched: "matched",
  notMatched: "did not match",
  prerequisiteNotMet: (flag: string) => `prerequisite ${flag} is not met`,
  ruleMatched: ({ place, rule }: { place: number; rule: string }) => `rule ${place} (${rule}) matched`,
  unnamed: "unnamed",
  reasons,
  stepKinds: steps,
  step: ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`,
});
