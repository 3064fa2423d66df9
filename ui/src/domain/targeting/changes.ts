import type { Rule, TargetingConfig } from "@/api/types";
import { same } from "@/lib/same";
import { sameCondition } from "./conditions";
import { messages } from "./messages";
import { showValue } from "./values";
import type { VariationNames } from "./wording";
import { conditionWords, keysAsNames, listed, serveWords, variationWords } from "./wording";

/** One difference, for people. With `from` and `to` it reads "what: from → to". */
export interface Change {
  kind: "added" | "removed" | "changed" | "moved";
  what: string;
  from?: string;
  to?: string;
}

/** Everything that differs between two targetings, in the order in which a flag is evaluated. */
export function targetingChanges(
  before: TargetingConfig,
  after: TargetingConfig,
  name: VariationNames = keysAsNames,
): Change[] {
  return [
    ...enabledChange(before, after),
    ...prerequisiteChanges(before, after),
    ...targetChanges(before, after, name),
    ...ruleChanges(before.rules, after.rules, name),
    ...serveChanges(before, after, name),
  ];
}

function enabledChange(before: TargetingConfig, after: TargetingConfig): Change[] {
  if (before.enabled === after.enabled) return [];
  return [{ kind: "changed", what: after.enabled ? messages.changes.turnedOn : messages.changes.turnedOff }];
}

function serveChanges(before: TargetingConfig, after: TargetingConfig, name: VariationNames): Change[] {
  const changes: Change[] = [];
  if (!same(before.fallthrough, after.fallthrough)) {
    changes.push({
      kind: "changed",
      what: messages.changes.everyoneElse,
      from: serveWords(before.fallthrough, name),
      to: serveWords(after.fallthrough, name),
    });
  }
  if (before.offVariation !== after.offVariation) {
    changes.push({
      kind: "changed",
      what: messages.changes.off,
      from: variationWords(before.offVariation, name),
      to: variationWords(after.offVariation, name),
    });
  }
  return changes;
}

function prerequisiteChanges(before: TargetingConfig, after: TargetingConfig): Change[] {
  const changes: Change[] = [];
  for (const old of before.prerequisites) {
    const now = after.prerequisites.find((item) => item.flag === old.flag);
    if (!now) changes.push({ kind: "removed", what: messages.changes.prerequisiteRemoved(old.flag) });
    else if (!same(old.variations, now.variations)) {
      changes.push({
        kind: "changed",
        what: messages.changes.prerequisiteChanged(old.flag),
        from: listed(old.variations),
        to: listed(now.variations),
      });
    }
  }
  for (const added of after.prerequisites) {
    if (before.prerequisites.some((item) => item.flag === added.flag)) continue;
    changes.push({
      kind: "added",
      what: messages.changes.prerequisiteAdded({ flag: added.flag, variations: listed(added.variations) }),
    });
  }
  return changes;
}

function targetChanges(before: TargetingConfig, after: TargetingConfig, name: VariationNames): Change[] {
  const valuesOf = (config: TargetingConfig) => {
    const lists = new Map<string, { label: string; values: string[] }>();
    for (const { variation, attribute = "targetingKey", values } of config.targets) {
      const id = `${attribute}\n${variation}`;
      const named = name(variation);
      const label =
        attribute === "targetingKey" ? named : messages.changes.targetsOf({ variation: named, attribute });
      lists.set(id, { label, values: [...(lists.get(id)?.values ?? []), ...values.map(showValue)] });
    }
    return lists;
  };
  const old = valuesOf(before);
  const now = valuesOf(after);
  const changes: Change[] = [];
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    const label = (now.get(id) ?? old.get(id))?.label ?? "";
    const held = new Set(old.get(id)?.values);
    const kept = new Set(now.get(id)?.values);
    const added = [...kept].filter((value) => !held.has(value));
    const removed = [...held].filter((value) => !kept.has(value));
    if (added.length > 0)
      changes.push({
        kind: "added",
        what: messages.changes.targetsAdded({ variation: label, values: listed(added, "and") }),
      });
    if (removed.length > 0) {
      changes.push({
        kind: "removed",
        what: messages.changes.targetsRemoved({ variation: label, values: listed(removed, "and") }),
      });
    }
  }
  if (changes.length === 0 && !same(before.targets, after.targets)) {
    changes.push({ kind: "moved", what: messages.changes.targetsReordered });
  }
  return changes;
}

function ruleSentence(rule: Rule, name: VariationNames): string {
  return messages.changes.rule({ condition: conditionWords(rule.when), serve: serveWords(rule.serve, name) });
}

function ruleChanges(before: Rule[], after: Rule[], name: VariationNames): Change[] {
  const renamed = renames(before, after);
  const changes: Change[] = [];
  before.forEach((old, index) => {
    const id = renamed.get(old.id) ?? old.id;
    if (after.some((rule) => rule.id === id)) return;
    changes.push({
      kind: "removed",
      what: messages.changes.ruleRemoved({ place: index + 1, id: old.id, rule: ruleSentence(old, name) }),
    });
  });
  const moved = movedIds(
    before.map((rule) => renamed.get(rule.id) ?? rule.id),
    after.map((rule) => rule.id),
  );
  after.forEach((rule, index) => {
    const place = index + 1;
    const oldIndex = before.findIndex((item) => (renamed.get(item.id) ?? item.id) === rule.id);
    const old = before[oldIndex];
    if (!old) {
      changes.push({
        kind: "added",
        what: messages.changes.ruleAdded({ place, id: rule.id, rule: ruleSentence(rule, name) }),
      });
      return;
    }
    if (moved.has(rule.id)) {
      changes.push({
        kind: "moved",
        what: messages.changes.ruleMoved(rule.id),
        from: String(oldIndex + 1),
        to: String(place),
      });
    }
    if (old.id !== rule.id) {
      changes.push({ kind: "changed", what: messages.changes.ruleRenamed(place), from: old.id, to: rule.id });
    }
    if (!sameCondition(old.when, rule.when)) {
      changes.push({
        kind: "changed",
        what: messages.changes.ruleCondition({ place, id: rule.id }),
        from: conditionWords(old.when),
        to: conditionWords(rule.when),
      });
    }
    if (!same(old.serve, rule.serve)) {
      changes.push({
        kind: "changed",
        what: messages.changes.ruleServe({ place, id: rule.id }),
        from: serveWords(old.serve, name),
        to: serveWords(rule.serve, name),
      });
    }
  });
  return changes;
}

/** Rules whose name is all that changed: the old name to the new one. */
function renames(before: Rule[], after: Rule[]): Map<string, string> {
  const result = new Map<string, string>();
  const fresh = after.filter((rule) => !before.some((old) => old.id === rule.id));
  for (const old of before) {
    if (after.some((rule) => rule.id === old.id)) continue;
    const twin = fresh.find((rule) => sameCondition(rule.when, old.when) && same(rule.serve, old.serve));
    if (twin) result.set(old.id, twin.id);
  }
  return result;
}

/** The fewest of the ids that both hold which must have been moved to get from one order to the other. */
export function movedIds(before: readonly string[], after: readonly string[]): Set<string> {
  const common = after.filter((id) => before.includes(id));
  const places = common.map((id) => before.indexOf(id));
  const best: number[][] = [];
  for (const [index, place] of places.entries()) {
    let longest: number[] = [];
    for (let earlier = 0; earlier < index; earlier += 1) {
      const chain = best[earlier] ?? [];
      if ((places[earlier] ?? 0) < place && chain.length > longest.length) longest = chain;
    }
    best.push([...longest, index]);
  }
  const still = new Set(best.reduce((a, b) => (b.length > a.length ? b : a), []));
  return new Set(common.filter((_, index) => !still.has(index)));
}
