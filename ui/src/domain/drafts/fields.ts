import { same } from "@/lib/same";
import type { Merged } from "./draft";

/** The members of `now` that differ from what they were: all that a save has to send. */
export function changedFields<T extends object>(was: T, now: T): Partial<T> {
  const names = Object.keys(now) as (keyof T)[];
  return Object.fromEntries(
    names.filter((name) => !same(was[name], now[name])).map((name) => [name, now[name]]),
  ) as Partial<T>;
}

/** Puts the fields that I changed on `base` on top of theirs. Where both changed the same field, mine stays. */
export function mergeFields<T extends object>(base: T, mine: T, theirs: T): Merged<T> {
  const changed = changedFields(base, mine);
  const names = Object.keys(changed) as (keyof T & string)[];
  return {
    value: { ...theirs, ...changed },
    clashes: names.filter((name) => !same(base[name], theirs[name]) && !same(mine[name], theirs[name])),
  };
}

/** The change without blanks around a name: nobody means them. */
export function trimmed<T extends { name?: string }>(change: T): T {
  return change.name === undefined ? change : { ...change, name: change.name.trim() };
}
