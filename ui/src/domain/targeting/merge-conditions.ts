import type { Bucket, Clause, Condition } from "@/api/types";
import { mergeFields } from "@/domain/drafts/fields";
import { mergeLists, mergeValues } from "@/domain/drafts/lists";
import { same } from "@/lib/same";
import { asGroup, group, isGroup, normalClause, sort } from "./conditions";
import { conditionWords } from "./wording";

/**
 * Puts my changes to a condition, made on `base`, on top of theirs. The conditions of a group are paired by what they look
 * at, an attribute, a segment or a flag, and listed values are merged one by one. Where both changed the same, mine stays
 * and `clash` is told what they had.
 */
export function mergeConditions(
  base: Condition,
  mine: Condition,
  theirs: Condition,
  clash: (what: string) => void,
): Condition {
  if (same(base, mine)) return theirs;
  if (same(base, theirs) || same(mine, theirs)) return mine;
  if ([base, mine, theirs].some(isGroup)) return mergeGroups(base, mine, theirs, clash);
  const [was, my, their] = [base, mine, theirs].map(withoutNot) as [Unwrapped, Unwrapped, Unwrapped];
  const negated = my.negated === was.negated ? their.negated : my.negated;
  const condition = mergeSingle(was.condition, my.condition, their.condition, clash);
  return negated ? { not: condition } : condition;
}

/** What a condition looks at, whatever it says of it. */
export function conditionIdentity(condition: Condition): string {
  const sorted = sort(condition);
  switch (sorted.kind) {
    case "not":
      return conditionIdentity(sorted.condition);
    case "all":
    case "any":
      return sorted.conditions[0] ? `group of ${conditionIdentity(sorted.conditions[0])}` : "group";
    case "segment":
      return `segment ${sorted.segment}`;
    case "flag":
      return `flag ${sorted.flag}`;
    case "bucket":
      return `share by ${sorted.bucket.by} ${sorted.bucket.seed ?? ""}`;
    case "clause":
      return `attribute ${sorted.clause.attribute}`;
  }
}

function mergeGroups(
  base: Condition,
  mine: Condition,
  theirs: Condition,
  clash: (what: string) => void,
): Condition {
  const [was, my, their] = [asGroup(base), asGroup(mine), asGroup(theirs)];
  const kind = my.kind === was.kind ? their.kind : my.kind;
  const conditions = mergeLists(was.conditions, my.conditions, their.conditions, {
    idOf: conditionIdentity,
    mergeItem: (old, one, other) => mergeConditions(old, one, other, clash),
    clash: (id) => {
      const all = [...their.conditions, ...my.conditions, ...was.conditions];
      const found = all.find((condition) => conditionIdentity(condition) === id);
      clash(found ? conditionWords(found) : id);
    },
  });
  return group(kind, conditions);
}

interface Unwrapped {
  negated: boolean;
  condition: Condition;
}

function withoutNot(condition: Condition): Unwrapped {
  const sorted = sort(condition);
  return sorted.kind === "not"
    ? { negated: true, condition: sorted.condition }
    : { negated: false, condition };
}

function mergeSingle(
  base: Condition,
  mine: Condition,
  theirs: Condition,
  clash: (what: string) => void,
): Condition {
  if (same(base, mine)) return theirs;
  if (same(base, theirs) || same(mine, theirs)) return mine;
  const [was, my, their] = [sort(base), sort(mine), sort(theirs)];
  if (was.kind === "clause" && my.kind === "clause" && their.kind === "clause") {
    return mergeClauses(was.clause, my.clause, their.clause, clash) as Condition;
  }
  if (was.kind === "flag" && my.kind === "flag" && their.kind === "flag" && my.flag === their.flag) {
    return { flag: my.flag, variations: mergeValues(was.variations, my.variations, their.variations) };
  }
  if (was.kind === "bucket" && my.kind === "bucket" && their.kind === "bucket") {
    const { value, clashes } = mergeFields<Bucket>(was.bucket, my.bucket, their.bucket);
    if (clashes.length > 0) clash(conditionWords(theirs));
    return { bucket: value };
  }
  clash(conditionWords(theirs));
  return mine;
}

function mergeClauses(base: Clause, mine: Clause, theirs: Clause, clash: (what: string) => void): Clause {
  const full = ({ attribute, op, negate = false, ignoreCase = false }: Clause) => ({
    attribute,
    op,
    negate,
    ignoreCase,
  });
  const { value, clashes } = mergeFields(full(base), full(mine), full(theirs));
  if (clashes.length > 0) clash(conditionWords(theirs as Condition));
  // Values of one operator mean nothing to another.
  const kept = [base, mine, theirs].every(({ op }) => op === value.op);
  const values = kept
    ? mergeValues(base.values ?? [], mine.values ?? [], theirs.values ?? [])
    : ((mine.op === value.op ? mine : theirs).values ?? []);
  return normalClause({ ...value, values });
}
