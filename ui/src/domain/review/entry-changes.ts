import type { AuditEntry, Segment, TargetingConfig, Variation } from "@/api/types";
import type { Change } from "@/domain/targeting/changes";
import { targetingChanges } from "@/domain/targeting/changes";
import { sameCondition } from "@/domain/targeting/conditions";
import { showValue } from "@/domain/targeting/values";
import type { VariationNames } from "@/domain/targeting/wording";
import { conditionWords, keysAsNames, listed } from "@/domain/targeting/wording";
import { same } from "@/lib/same";
import { messages } from "./messages";

type Members = Record<string, unknown>;

/** Members that say nothing about what somebody did. */
const BOOKKEEPING = new Set([
  "id",
  "version",
  "edition",
  "createdAt",
  "updatedAt",
  "environments",
  "epoch",
  "position",
  "flag",
  "environment",
  "flagCount",
  "segmentCount",
  "prefix",
  "lastUsedAt",
  "revision",
]);

function isTargeting(value: unknown): value is TargetingConfig {
  return typeof value === "object" && value !== null && "fallthrough" in value && "rules" in value;
}

function isSegment(value: unknown): value is Segment {
  return typeof value === "object" && value !== null && "included" in value && "when" in value;
}

/** What an entry of the audit log changed, in words. Nothing for what only came or went as a whole. */
export function entryChanges({ before, after }: AuditEntry, name: VariationNames = keysAsNames): Change[] {
  return before && after ? stateChanges(before, after, name) : [];
}

/** Everything that differs between two states of anything, in words. */
export function stateChanges(before: object, after: object, name: VariationNames = keysAsNames): Change[] {
  if (isTargeting(before) && isTargeting(after)) return targetingChanges(before, after, name);
  const [old, now] = [before as Members, after as Members];
  const special =
    isSegment(before) && isSegment(after) ? segmentChanges(before, after) : variationChanges(old, now);
  return [...memberChanges(old, now), ...special];
}

function word(value: unknown): string {
  if (value === null || value === undefined || value === "") return messages.changes.nothing;
  if (value === true) return messages.changes.yes;
  if (value === false) return messages.changes.no;
  return Array.isArray(value) ? listed(value.map(showValue), "and") : showValue(value);
}

function memberChanges(before: Members, after: Members): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter(
      (name) => !BOOKKEEPING.has(name) && !["variations", "included", "excluded", "when"].includes(name),
    )
    .filter((name) => !same(before[name], after[name]))
    .map((name): Change => {
      if (name === "archivedAt" || name === "archived")
        return { kind: "changed", what: after[name] ? messages.changes.archived : messages.changes.restored };
      return {
        kind: "changed",
        what: messages.members[name] ?? name,
        from: word(before[name]),
        to: word(after[name]),
      };
    });
}

function variationChanges(before: Members, after: Members): Change[] {
  const old = (before.variations ?? []) as Variation[];
  const now = (after.variations ?? []) as Variation[];
  const changes: Change[] = [];
  for (const variation of old) {
    const twin = now.find((item) => item.key === variation.key);
    if (!twin) changes.push({ kind: "removed", what: messages.changes.variation(variation.key) });
    else if (!same(twin.value, variation.value)) {
      changes.push({
        kind: "changed",
        what: messages.changes.variationValue(variation.key),
        from: JSON.stringify(variation.value),
        to: JSON.stringify(twin.value),
      });
    } else if (!same(twin, variation)) {
      changes.push({
        kind: "changed",
        what: messages.changes.variationName(variation.key),
        from: word(variation.name ?? variation.description),
        to: word(twin.name ?? twin.description),
      });
    }
  }
  for (const variation of now) {
    if (old.some((item) => item.key === variation.key)) continue;
    const { key, value } = variation;
    changes.push({
      kind: "added",
      what: messages.changes.variationAdded({ key, value: JSON.stringify(value) }),
    });
  }
  const kept = now.filter((item) => old.some((other) => other.key === item.key)).map((item) => item.key);
  const order = old.filter((item) => now.some((other) => other.key === item.key)).map((item) => item.key);
  if (!same(kept, order)) changes.push({ kind: "moved", what: messages.changes.variationsReordered });
  return changes;
}

function segmentChanges(before: Segment, after: Segment): Change[] {
  const changes: Change[] = [];
  for (const list of ["included", "excluded"] as const) {
    const old = before[list].map(showValue);
    const now = after[list].map(showValue);
    const came = now.filter((value) => !old.includes(value));
    const went = old.filter((value) => !now.includes(value));
    const [entered, left] =
      list === "included"
        ? [messages.changes.included, messages.changes.notIncluded]
        : [messages.changes.excluded, messages.changes.notExcluded];
    if (came.length > 0) changes.push({ kind: "added", what: entered(listed(came, "and")) });
    if (went.length > 0) changes.push({ kind: "removed", what: left(listed(went, "and")) });
  }
  if (!sameCondition(before.when, after.when)) {
    changes.push({
      kind: "changed",
      what: messages.changes.condition,
      from: conditionWords(before.when),
      to: conditionWords(after.when),
    });
  }
  return changes;
}

/** Every action that the audit log knows words for, for a filter. */
export function knownActions(): string[] {
  return Object.keys(messages.actions);
}

/** What an action is called in a list of them: "Flag created". */
export function actionName(action: string): string {
  return messages.actions[action]?.name ?? action;
}

/** Whether all that was done is to turn the flag on or off. */
export function isMereToggle({ action, before, after }: AuditEntry): boolean {
  if (action !== "targeting.updated" || !isTargeting(before) || !isTargeting(after)) return false;
  return before.enabled !== after.enabled && same(strip(before), strip(after));
}

/** What was done, as the middle of a sentence: "Ada … changed the flag … new-checkout". */
export function actionWords(entry: AuditEntry, hasSubject = false): string {
  if (isMereToggle(entry)) return entry.after?.enabled ? messages.turnedOn : messages.turnedOff;
  const action = messages.actions[entry.action];
  return (hasSubject ? action?.didTo : undefined) ?? action?.did ?? entry.action;
}

function strip(targeting: TargetingConfig): unknown {
  const { offVariation, prerequisites, targets, rules, fallthrough } = targeting;
  return { offVariation, prerequisites, targets, rules, fallthrough };
}
