import { useSyncExternalStore } from "react";

let open = false;
/** What was typed between the opening and the moment when the palette's own input takes over. */
let early = "";
const listeners = new Set<() => void>();

export function setPalette(next: boolean): void {
  open = next;
  early = "";
  for (const listener of listeners) listener();
}

export const openPalette = () => setPalette(true);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function usePaletteOpen(): boolean {
  return useSyncExternalStore(subscribe, () => open);
}

/** Keeps a letter that was typed faster than the palette could appear; says whether it did. */
export function keepEarly(event: KeyboardEvent): boolean {
  const typing = event.target instanceof HTMLElement && event.target.closest("[cmdk-root]");
  if (!open || typing || event.key.length !== 1 || event.ctrlKey || event.metaKey) return false;
  early += event.key;
  return true;
}

export function takeEarly(): string {
  const taken = early;
  early = "";
  return taken;
}
