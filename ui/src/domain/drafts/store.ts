import { useCallback, useSyncExternalStore } from "react";
import type { Draft } from "./draft";
import { isSettled } from "./draft";

// Drafts are kept outside of the pages, so that nothing typed is lost by looking at another tab, environment or page. The
// browser's session storage keeps them over a reload of the window; they end with the window, or when somebody signs out.

const STORED = "peekaboo.drafts";
const listeners = new Set<() => void>();
const drafts = new Map<string, Draft<unknown>>(restored());

function restored(): [string, Draft<unknown>][] {
  try {
    return JSON.parse(globalThis.sessionStorage?.getItem(STORED) ?? "[]") as [string, Draft<unknown>][];
  } catch {
    // Storage may be forbidden, or hold what another version wrote: then nothing was kept.
    return [];
  }
}

function publish(): void {
  try {
    globalThis.sessionStorage?.setItem(STORED, JSON.stringify([...drafts]));
  } catch {
    // Without storage, or with a full one, drafts live as long as the page.
  }
  for (const listener of listeners) listener();
}

/** Keeps a draft, or forgets it where nothing is unsaved in it. */
export function keepDraft<T>(id: string, draft: Draft<T> | null): void {
  if (draft === null || isSettled(draft)) {
    if (!drafts.delete(id)) return;
  } else drafts.set(id, draft);
  publish();
}

export function heldDraft<T>(id: string): Draft<T> | null {
  return (drafts.get(id) as Draft<T> | undefined) ?? null;
}

/** Forgets every draft: they are the work of the person who is signed in. */
export function forgetDrafts(): void {
  drafts.clear();
  publish();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useHeldDraft<T>(id: string): Draft<T> | null {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => heldDraft<T>(id), [id]),
  );
}

/** What follows `prefix` in the ids of the drafts that begin with it. */
export function useDraftsBelow(prefix: string): string[] {
  // Joined, so that the snapshot compares by value.
  const joined = useSyncExternalStore(
    subscribe,
    useCallback(() => idsBelow(prefix).join("\n"), [prefix]),
  );
  return joined === "" ? [] : joined.split("\n");
}

function idsBelow(prefix: string): string[] {
  return [...drafts.keys()].filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
}

globalThis.addEventListener?.("beforeunload", (event) => {
  if (drafts.size > 0) event.preventDefault();
});
