import type { Rule } from "@/api/types";
import type { Merged } from "@/domain/drafts/draft";
import { mergeLists, mergeValues } from "@/domain/drafts/lists";
import { same } from "@/lib/same";
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
      rules: mergeLists(base.rules, mine.rules, theirs.rules, {
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
