import type { Rule } from "@/api/types";
import { blank } from "@/domain/targeting/conditions";
import { randomWord } from "@/lib/random";

const MADE_UP = /^rule-[a-z0-9]{4}$/;

/**
 * A name for a new rule. It is random, so that two people who add a rule at once, or one who deletes a rule and adds
 * another, do not give the name of one rule to the other.
 */
export function newRuleId(rules: readonly Rule[], base = "rule", word = () => randomWord(4)): string {
  const taken = new Set(rules.map((rule) => rule.id));
  let id = `${base}-${word()}`;
  while (taken.has(id)) id = `${base}-${word()}`;
  return id;
}

export function newRule(rules: readonly Rule[], variation: string): Rule {
  return { id: newRuleId(rules), when: blank("all"), serve: { variation } };
}

/** A copy of a rule under a name of its own, which keeps the one that people chose. */
export function copyOfRule(rules: readonly Rule[], rule: Rule): Rule {
  return { ...rule, id: newRuleId(rules, MADE_UP.test(rule.id) ? "rule" : rule.id) };
}
