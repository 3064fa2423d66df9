import type { Rule } from "@/api/types";
import { blank } from "@/domain/targeting/conditions";

/** A name for the next rule that no other has. */
export function nextRuleId(rules: readonly Rule[], base = "rule"): string {
  const taken = new Set(rules.map((rule) => rule.id));
  let number = rules.length + 1;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

export function newRule(rules: readonly Rule[], variation: string): Rule {
  return { id: nextRuleId(rules), when: blank("all"), serve: { variation } };
}
