import type { Rule } from "@/api/types";
import type { Merged } from "@/domain/drafts/draft";
import { mergeLists, mergeValues } from "@/domain/drafts/lists";
import { same } from "@/lib/same";
import { sameCondition } from "./conditions";
import type { TargetingDraft } from "./config";
import { mergeConditions } from "./merge-conditions";
import { messages } from "./messages";

/** Puts my changes, made on `base`, on top of theirs. Where both changed the same thing, mine stays. */
export function rebase(
  base: TargetingDraft,
  mine: TargetingDraft,
  theirs: TargetingDraft,
): Merged<TargetingDraft> {
  const clashes: string[] = [];
  const choose = <T>(what: string, was: T, my: T, their: T): T => {
    if (same(was, my)) return their;
    if (!same(was, their) && !same(my, their)) clashes.push(what);
    return my;
  };
  const mergeRule = (was: Rule, my: Rule, their: Rule): Rule => ({
    id: my.id,
    when: mergeConditions(was.when, my.when, their.when, (condition) =>
      clashes.push(messages.clashes.ruleCondition({ rule: my.id, condition })),
    ),
    serve: choose(messages.clashes.rule(my.id), was.serve, my.serve, their.serve),
  });
  const myRules = apart(base.rules, mine.rules, theirs.rules);
  return {
    value: {
      offVariation: choose(
        messages.clashes.offVariation,
        base.offVariation,
        mine.offVariation,
        theirs.offVariation,
      ),
      prerequisites: mergeLists(base.prerequisites, mine.prerequisites, theirs.prerequisites, {
        idOf: ({ flag }) => flag,
        mergeItem: (was, my, their) => ({
          ...my,
          variations: mergeValues(was.variations, my.variations, their.variations),
        }),
        clash: (id) => clashes.push(messages.clashes.prerequisite(id)),
      }),
      targets: mergeLists(base.targets, mine.targets, theirs.targets, {
        idOf: ({ variation, attribute = "targetingKey" }) =>
          messages.clashes.targets({ variation, attribute }),
        mergeItem: (was, my, their) => ({ ...my, values: mergeValues(was.values, my.values, their.values) }),
        clash: (targets) => clashes.push(targets),
      }),
      rules: mergeLists(base.rules, myRules, theirs.rules, {
        idOf: ({ id }) => id,
        mergeItem: mergeRule,
        clash: (id) => clashes.push(messages.clashes.rule(id)),
        orderClash: () => clashes.push(messages.clashes.ruleOrder),
      }),
      fallthrough: choose(
        messages.clashes.everyoneElse,
        base.fallthrough,
        mine.fallthrough,
        theirs.fallthrough,
      ),
    },
    clashes,
  };
}

/**
 * My rules, with another name for each that they added as well under its name: those are two rules, and none replaces the
 * other.
 */
function apart(base: readonly Rule[], mine: readonly Rule[], theirs: readonly Rule[]): Rule[] {
  const held = new Set(base.map(({ id }) => id));
  const taken = new Set([...base, ...mine, ...theirs].map(({ id }) => id));
  return mine.map((rule) => {
    const twin = theirs.find(({ id }) => id === rule.id);
    if (held.has(rule.id) || twin === undefined || isTwin(twin, rule)) return rule;
    const id = freeId(rule.id, taken);
    taken.add(id);
    return { ...rule, id };
  });
}

function isTwin(a: Rule, b: Rule): boolean {
  return sameCondition(a.when, b.when) && same(a.serve, b.serve);
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${id}-${number}`)) number += 1;
  return `${id}-${number}`;
}
