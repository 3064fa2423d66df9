import { useSyncExternalStore } from "react";

const COLLAPSED = "peekaboo.sidebar";
const FOLDED = "peekaboo.sidebar.folded";
const listeners = new Set<() => void>();

/** Whether the sidebar shows icons only; this browser remembers it. */
export function useCollapsed(): boolean {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(COLLAPSED) === "collapsed");
}

export function collapseSidebar(collapsed: boolean): void {
  if (collapsed) localStorage.setItem(COLLAPSED, "collapsed");
  else localStorage.removeItem(COLLAPSED);
  for (const listener of listeners) listener();
}

/** Whether a group of the sidebar is folded; this browser remembers it. */
export function useFolded(group: string): boolean {
  return useSyncExternalStore(subscribe, () => foldedGroups().includes(group));
}

export function foldGroup(group: string, folded: boolean): void {
  const others = foldedGroups().filter((other) => other !== group);
  localStorage.setItem(FOLDED, (folded ? [...others, group] : others).join(","));
  for (const listener of listeners) listener();
}

function foldedGroups(): string[] {
  return (localStorage.getItem(FOLDED) ?? "").split(",");
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
