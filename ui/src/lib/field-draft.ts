import { same } from "./same";

/** What somebody is editing in fields of their own: the state that they started from, and what stands there now. */
export interface FieldDraft<T extends object> {
  base: T;
  version: number;
  mine: T;
}

/** The members of `now` that differ from what they were: all that a save has to send. */
export function changedFields<T extends object>(was: T, now: T): Partial<T> {
  const names = Object.keys(now) as (keyof T)[];
  return Object.fromEntries(
    names.filter((name) => !same(was[name], now[name])).map((name) => [name, now[name]]),
  ) as Partial<T>;
}

/** Puts what I changed on `base` on top of theirs. Where both changed the same field, mine stays. */
export function rebaseFields<T extends object>(base: T, mine: T, theirs: T): T {
  return { ...theirs, ...changedFields(base, mine) };
}

/** Whether both changed one field, each in its own way. */
export function clash<T extends object>(base: T, mine: T, theirs: T): boolean {
  const changed = Object.keys(changedFields(base, mine)) as (keyof T)[];
  return changed.some((name) => !same(base[name], theirs[name]) && !same(mine[name], theirs[name]));
}

/** The draft on top of a newer state; nothing where somebody has to decide whose change of a field stays. */
export function follow<T extends object>(
  draft: FieldDraft<T>,
  held: T,
  version: number,
): FieldDraft<T> | null {
  if (clash(draft.base, draft.mine, held)) return null;
  return { base: held, version, mine: rebaseFields(draft.base, draft.mine, held) };
}

/** The draft after a save: what was changed while it was under way is kept, and still unsaved. */
export function settle<T extends object>(
  draft: FieldDraft<T>,
  sent: T,
  saved: T,
  version: number,
): FieldDraft<T> {
  return { base: saved, version, mine: rebaseFields(sent, draft.mine, saved) };
}

/** The change without blanks around a name: nobody means them. */
export function trimmed<T extends { name?: string }>(change: T): T {
  return change.name === undefined ? change : { ...change, name: change.name.trim() };
}
