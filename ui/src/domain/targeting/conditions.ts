import type { Clause, Condition } from "@/api/types";
import { same } from "@/lib/same";

export type ConditionKind = "all" | "any" | "not" | "segment" | "flag" | "bucket" | "clause";

/** A condition with its kind beside it, so that code can switch over it. */
export type Sorted =
  | { kind: "all" | "any"; conditions: Condition[] }
  | { kind: "not"; condition: Condition }
  | { kind: "segment"; segment: string }
  | { kind: "flag"; flag: string; variations: string[] }
  | { kind: "bucket"; bucket: Extract<Condition, { bucket: unknown }>["bucket"] }
  | { kind: "clause"; clause: Clause };

export function sort(condition: Condition): Sorted {
  if ("all" in condition) return { kind: "all", conditions: condition.all };
  if ("any" in condition) return { kind: "any", conditions: condition.any };
  if ("not" in condition) return { kind: "not", condition: condition.not };
  if ("segment" in condition) return { kind: "segment", segment: condition.segment };
  if ("flag" in condition) return { kind: "flag", flag: condition.flag, variations: condition.variations };
  if ("bucket" in condition) return { kind: "bucket", bucket: condition.bucket };
  return { kind: "clause", clause: condition };
}

export function group(kind: "all" | "any", conditions: Condition[]): Condition {
  return kind === "all" ? { all: conditions } : { any: conditions };
}

/** A fresh condition of the kind, to be filled in. */
export function blank(kind: Exclude<ConditionKind, "not">): Condition {
  switch (kind) {
    case "all":
      return { all: [blank("clause")] };
    case "any":
      return { any: [blank("clause")] };
    case "segment":
      return { segment: "" };
    case "flag":
      return { flag: "", variations: [] };
    case "bucket":
      return { bucket: { by: "targetingKey", from: 0, below: 10_000 } };
    case "clause":
      return { attribute: "", op: "in", values: [] };
  }
}

/** Whether nothing of a condition has been filled in. */
export function isBlank(condition: Condition): boolean {
  const { kind } = sort(condition);
  return kind !== "not" && sameCondition(condition, blank(kind));
}

export function isGroup(condition: Condition): boolean {
  return "all" in condition || "any" in condition;
}

/** A rule's condition as a group, which is what the builder edits; a lone condition becomes a group of one. */
export function asGroup(condition: Condition): { kind: "all" | "any"; conditions: Condition[] } {
  const sorted = sort(condition);
  return sorted.kind === "all" || sorted.kind === "any" ? sorted : { kind: "all", conditions: [condition] };
}

/** Takes a negation away or puts one on. */
export function toggleNot(condition: Condition): Condition {
  return "not" in condition ? condition.not : { not: condition };
}

/** Leaves out what says nothing, so that two spellings of the same clause compare as equal. */
export function normalClause(clause: Clause): Clause {
  const { negate, ignoreCase, values, ...rest } = clause;
  return {
    ...rest,
    ...(values && values.length > 0 ? { values } : {}),
    ...(negate ? { negate } : {}),
    ...(ignoreCase ? { ignoreCase } : {}),
  };
}

/** Whether two conditions say the same: the audit log spells out what the API leaves out. */
export function sameCondition(a: Condition, b: Condition): boolean {
  return same(normal(a), normal(b));
}

function normal(condition: Condition): Condition {
  const sorted = sort(condition);
  switch (sorted.kind) {
    case "all":
    case "any":
      return group(sorted.kind, sorted.conditions.map(normal));
    case "not":
      return { not: normal(sorted.condition) };
    case "clause":
      return normalClause(sorted.clause) as Condition;
    default:
      return condition;
  }
}

/** Every attribute that a condition looks at. */
export function attributesIn(condition: Condition): string[] {
  const sorted = sort(condition);
  switch (sorted.kind) {
    case "all":
    case "any":
      return sorted.conditions.flatMap(attributesIn);
    case "not":
      return attributesIn(sorted.condition);
    case "bucket":
      return [sorted.bucket.by];
    case "clause":
      return [sorted.clause.attribute];
    case "segment":
    case "flag":
      return [];
  }
}
