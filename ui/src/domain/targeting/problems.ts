import type { Condition, Serve, TargetingConfig } from "@/api/types";
import { sort } from "./conditions";
import { messages } from "./messages";
import { OPERATORS } from "./operators";
import { shownPercent, total, WHOLE } from "./weights";

/** What is wrong with a targeting, each thing at its JSON Pointer. */
export interface PointedProblem {
  pointer: string;
  detail: string;
  /** Nothing is wrong there yet; something is still to be filled in. */
  missing?: boolean;
}

/** What can be told to be wrong without asking the hub; the hub has the last word. */
export function targetingProblems(config: TargetingConfig): PointedProblem[] {
  const ids = config.rules.map((rule) => rule.id);
  return [
    ...config.prerequisites.flatMap(({ flag, variations }, index) =>
      needsFlag(`/prerequisites/${index}`, flag, variations),
    ),
    ...config.rules.flatMap((rule, index) => {
      const at = `/rules/${index}`;
      const twice = ids.indexOf(rule.id) !== index;
      return [
        ...(rule.id.trim() === "" ? [{ pointer: `${at}/id`, detail: messages.problems.ruleUnnamed }] : []),
        ...(twice ? [{ pointer: `${at}/id`, detail: messages.problems.ruleNameTaken }] : []),
        ...conditionProblems(rule.when, `${at}/when`),
        ...serveProblems(rule.serve, `${at}/serve`),
      ];
    }),
    ...serveProblems(config.fallthrough, "/fallthrough"),
  ];
}

function needsFlag(pointer: string, flag: string, variations: string[]): PointedProblem[] {
  if (flag === "") return [missing(`${pointer}/flag`, messages.problems.flagMissing)];
  return variations.length === 0
    ? [missing(`${pointer}/variations`, messages.problems.variationsMissing)]
    : [];
}

function missing(pointer: string, detail: string): PointedProblem {
  return { pointer, detail, missing: true };
}

export function serveProblems(serve: Serve, pointer: string): PointedProblem[] {
  if (!("split" in serve)) return [];
  const sum = total(serve.split.weights);
  if (sum === WHOLE) return [];
  return [
    {
      pointer: `${pointer}/split/weights`,
      detail: messages.problems.shares({ sum: shownPercent(sum), whole: shownPercent(WHOLE) }),
    },
  ];
}

export function conditionProblems(condition: Condition, pointer: string): PointedProblem[] {
  const sorted = sort(condition);
  switch (sorted.kind) {
    case "all":
    case "any":
      return sorted.conditions.flatMap((item, index) =>
        conditionProblems(item, `${pointer}/${sorted.kind}/${index}`),
      );
    case "not":
      return conditionProblems(sorted.condition, `${pointer}/not`);
    case "segment":
      return sorted.segment === "" ? [missing(`${pointer}/segment`, messages.problems.segmentMissing)] : [];
    case "flag":
      return needsFlag(pointer, sorted.flag, sorted.variations);
    case "bucket":
      return sorted.bucket.from > sorted.bucket.below
        ? [{ pointer: `${pointer}/bucket`, detail: messages.problems.range }]
        : [];
    case "clause": {
      const { attribute, op, values = [] } = sorted.clause;
      if (attribute.trim() === "")
        return [missing(`${pointer}/attribute`, messages.problems.attributeMissing)];
      return OPERATORS[op].kind !== "none" && values.length === 0
        ? [missing(`${pointer}/values`, messages.problems.valuesMissing)]
        : [];
    }
  }
}
