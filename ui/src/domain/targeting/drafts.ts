import { useCallback, useSyncExternalStore } from "react";
import type { TargetingScope } from "@/api/flags";
import type { Targeting, TargetingConfig } from "@/api/types";
import { same } from "@/lib/same";
import { rebase } from "./rebase";

/** What somebody has changed and not saved yet, and the state that they started from. */
export interface Draft {
  base: Targeting;
  config: TargetingConfig;
}

/** Kept outside of the pages, so that nothing typed is lost by looking at another tab, environment or flag. */
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();

function idOf({ org, project, flag, environment }: TargetingScope): string {
  return [org, project, flag, environment].join("/");
}

export function setDraft(scope: TargetingScope, draft: Draft | null): void {
  if (draft === null || same(draft.config, configOf(draft.base))) drafts.delete(idOf(scope));
  else drafts.set(idOf(scope), draft);
  for (const listener of listeners) listener();
}

/** After a save: what was changed while it was under way stays, on top of what was saved. */
export function settleDraft(scope: TargetingScope, sent: TargetingConfig, saved: Targeting): void {
  const draft = drafts.get(idOf(scope));
  // The switch is not part of a draft, so it may have moved without anybody having typed.
  const typed = draft && !same({ ...draft.config, enabled: sent.enabled }, sent);
  setDraft(scope, typed ? { base: saved, config: rebase(sent, draft.config, configOf(saved)).config } : null);
}

/** Forgets every draft: they are the work of whoever is signed in. */
export function forgetDrafts(): void {
  drafts.clear();
  for (const listener of listeners) listener();
}

export function configOf(targeting: Targeting): TargetingConfig {
  const { enabled, offVariation, prerequisites, targets, rules, fallthrough } = targeting;
  return { enabled, offVariation, prerequisites, targets, rules, fallthrough };
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function heldDraft(scope: TargetingScope): Draft | null {
  return drafts.get(idOf(scope)) ?? null;
}

export function useDraft(scope: TargetingScope): Draft | null {
  const id = idOf(scope);
  return useSyncExternalStore(
    subscribe,
    useCallback(() => drafts.get(id) ?? null, [id]),
  );
}

/** The flag's environments with unsaved changes, joined by commas (a string, so that it compares by value). */
export function useUnsavedEnvironments(flag: Omit<TargetingScope, "environment">): string[] {
  const prefix = idOf({ ...flag, environment: "" });
  const joined = useSyncExternalStore(
    subscribe,
    useCallback(
      () =>
        [...drafts.keys()]
          .filter((id) => id.startsWith(prefix))
          .map((id) => id.slice(prefix.length))
          .join(","),
      [prefix],
    ),
  );
  return joined === "" ? [] : joined.split(",");
}

globalThis.addEventListener?.("beforeunload", (event) => {
  if (drafts.size > 0) event.preventDefault();
});
