import type { TargetingScope } from "@/api/flags";
import type { Targeting, TargetingConfig } from "@/api/types";
import { useDraftsBelow } from "@/domain/drafts/store";

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
