import { useSyncExternalStore } from "react";

const FLASH_MS = 2400;
const OWN_MS = 5000;

const flashes = new Map<string, number>();
const own = new Map<string, number>();
const listeners = new Set<() => void>();

const publish = () => {
  for (const listener of listeners) listener();
};

/** Marks a thing as being changed by this very page, so that its echo does not flash. */
export function markOwn(id: string): void {
  own.set(id, Date.now());
}

export function isOwn(id: string): boolean {
  return Date.now() - (own.get(id) ?? 0) < OWN_MS;
}

/** Lets a row light up for a moment, unless this page made the change. */
export function flash(id: string): void {
  if (isOwn(id)) return;
  flashes.set(id, Date.now());
  publish();
  setTimeout(() => {
    flashes.delete(id);
    publish();
  }, FLASH_MS);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether the thing has just been changed by somebody else. */
export function useFlash(id: string): boolean {
  return useSyncExternalStore(subscribe, () => flashes.has(id));
}
