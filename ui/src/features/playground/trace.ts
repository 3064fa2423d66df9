import type { Detail, Operator, TraceStep } from "@/api/types";
import { messages as targeting } from "@/domain/targeting/messages";
import { OPERATORS } from "@/domain/targeting/operators";
import { percent } from "@/lib/language/format";
import { messages } from "./messages";

/** Why a value came out, in words. */
export function reasonWords(
  detail: Pick<Detail, "reason" | "ruleId" | "ruleIndex" | "prerequisite" | "errorDetails">,
): string {
  if (detail.errorDetails) return detail.errorDetails;
  if (detail.prerequisite) return messages.prerequisiteNotMet(detail.prerequisite);
  if (detail.ruleIndex !== undefined)
    return messages.ruleMatched({ place: detail.ruleIndex + 1, rule: detail.ruleId ?? messages.unnamed });
  return messages.reasons[detail.reason];
}

/** A step's name: "Rule 2", "Segment beta"; a condition speaks for itself. */
export function stepName({ kind, pointer, key }: TraceStep): string | undefined {
  if (kind === "clause") return undefined;
  const name = messages.stepKinds[kind];
  const place = /^\/(?:rules|targets)\/(\d+)$/.exec(pointer)?.[1];
  if (key) return messages.step({ kind: name, name: key });
  return place === undefined ? name : messages.step({ kind: name, name: String(Number(place) + 1) });
}

/** Where somebody falls in a split, which ends the reason that it is part of. */
const PLACE = / falls at [\d.]+%(, (within|outside) [\d.]+% to [\d.]+%)?$/;
const OPERATOR = new RegExp(`\\b(${Object.keys(OPERATORS).join("|")}) (?=\\[)`);

/** Why a step came out as it did, with operators in words, percentages as the reader writes them, and without the name that stands before it anyway. */
export function stepReason({ because }: TraceStep): string {
  return because
    .replace(/^rule [^:]+: /, "")
    .replace(PLACE, (place) => place.replace(/([\d.]+)%/g, (_, share) => percent(Number(share) / 100, 3)))
    .replace(OPERATOR, (_, op: Operator) => `${targeting.operators[op].words} `);
}
