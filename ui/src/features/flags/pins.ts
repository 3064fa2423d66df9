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

export interface Pins {
  /** The keys of the pinned environments, in the order in which they stand beside the names. */
  pins: readonly string[];
  setPins: (keys: readonly string[]) => void;
}

/** The pinned environments and how to change them; this browser remembers them for each project. */
export function usePins(scope: ProjectScope, environments: readonly Environment[]): Pins {
  const id = stored(scope);
  const held = useSyncExternalStore(subscribe, () => localStorage.getItem(id));
  const pins = useMemo(() => {
    const known = held?.split(",").filter((key) => environments.some((item) => item.key === key));
    return known ?? defaultPins(environments);
  }, [held, environments]);
  const setPins = (keys: readonly string[]) => {
    localStorage.setItem(id, keys.slice(0, MOST_PINS).join(","));
    for (const listener of listeners) listener();
  };
  return { pins, setPins };
}
