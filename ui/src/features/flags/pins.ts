import { useMemo, useSyncExternalStore } from "react";
import type { ProjectScope } from "@/api/projects";
import type { Environment } from "@/api/types";

/** How many environments can stay beside the names. */
export const MOST_PINS = 4;

const listeners = new Set<() => void>();
const stored = ({ org, project }: ProjectScope) => `peekaboo.pins.${org}.${project}`;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The environments that are pinned while nobody has chosen: all of a few; of many, production comes first. */
export function defaultPins(environments: readonly Pick<Environment, "key" | "production">[]): string[] {
  const production = environments.filter((item) => item.production);
  const others = environments.filter((item) => !item.production);
  const places = Math.max(MOST_PINS - others.length, Math.min(production.length, MOST_PINS / 2));
  const chosen = [...others.slice(0, MOST_PINS - Math.min(places, production.length)), ...production];
  return chosen.slice(0, MOST_PINS).map((item) => item.key);
}

/** The keys of the pinned environments, and how to change them; this browser remembers them for each project. */
export function usePins(scope: ProjectScope, environments: readonly Environment[]) {
  const id = stored(scope);
  const held = useSyncExternalStore(subscribe, () => localStorage.getItem(id));
  const pins = useMemo(() => {
    const known = held?.split(",").filter((key) => environments.some((item) => item.key === key));
    return new Set(known ?? defaultPins(environments));
  }, [held, environments]);
  const toggle = (key: string) => {
    const next = new Set(pins);
    if (!next.delete(key) && next.size < MOST_PINS) next.add(key);
    localStorage.setItem(id, [...next].join(","));
    for (const listener of listeners) listener();
  };
  return { pins, toggle };
}
