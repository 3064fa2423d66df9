import type { TargetingScope } from "@/api/flags";
import type { Targeting, TargetingConfig } from "@/api/types";
import { useDraftsBelow, useHeldDraft } from "@/domain/drafts/store";

/** What of a targeting is edited together; its switch moves by itself. */
export type TargetingDraft = Omit<TargetingConfig, "enabled">;

/** What of a targeting can be changed. */
export function configOf(targeting: Targeting): TargetingConfig {
  const { enabled, offVariation, prerequisites, targets, rules, fallthrough } = targeting;
  return { enabled, offVariation, prerequisites, targets, rules, fallthrough };
}

export function draftOf(targeting: Targeting): TargetingDraft {
  const { enabled: _, ...draft } = configOf(targeting);
  return draft;
}

export function targetingDraftId({ org, project, flag, environment }: TargetingScope): string {
  return `targeting/${org}/${project}/${flag}/${environment}`;
}

/** The keys of the flag's environments that have unsaved changes. */
export function useUnsavedEnvironments(flag: Omit<TargetingScope, "environment">): string[] {
  return useDraftsBelow(targetingDraftId({ ...flag, environment: "" }));
}

/** A targeting as it is saved: a list of targets that was opened and left empty says nothing. */
export function withoutEmptyTargets<T extends TargetingDraft>(targeting: T): T {
  return { ...targeting, targets: targeting.targets.filter(({ values }) => values.length > 0) };
}

/** The unsaved targeting of a flag in one environment, as it would be saved; nothing where nothing is unsaved. */
export function useUnsavedTargeting(scope: TargetingScope, enabled: boolean): TargetingConfig | undefined {
  const draft = useHeldDraft<TargetingDraft>(targetingDraftId(scope));
  return draft ? { ...withoutEmptyTargets(draft.mine), enabled } : undefined;
}
