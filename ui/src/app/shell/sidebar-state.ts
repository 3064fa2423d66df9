import { useSyncExternalStore } from "react";

const STORED = "peekaboo.sidebar";
const listeners = new Set<() => void>();

/** Whether the sidebar shows icons only; this browser remembers it. */
export function useCollapsed(): boolean {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(STORED) === "collapsed");
}

export function collapseSidebar(collapsed: boolean): void {
  if (collapsed) localStorage.setItem(STORED, "collapsed");
  else localStorage.removeItem(STORED);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
