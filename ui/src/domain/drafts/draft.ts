import { same } from "@/lib/same";

/** What somebody has changed and not saved yet, and the state and version that they started from. */
export interface Draft<T> {
  base: T;
  version: number;
  mine: T;
}

/** Something as the hub holds it. */
export interface Held<T> {
  value: T;
  version: number;
}

export interface Merged<T> {
  value: T;
  /** What both sides changed, each in their own way; there, mine was kept. */
  clashes: string[];
}

/** Puts my changes, made on `base`, on top of theirs. Parts are found by what they are, never by their position. */
export type Merge<T> = (base: T, mine: T, theirs: T) => Merged<T>;

/** What is to be done about a newer state of what is being edited. */
export type Newer<T> =
  | { kind: "none" }
  /** My changes go on top of it without a question. */
  | { kind: "follow"; draft: Draft<T> }
  /** Somebody else changed it: a person decides what to keep. */
  | { kind: "ask"; theirs: Held<T> };

/**
 * Compares a draft with what the hub holds. A newer version that is equal to the draft's base is followed; any other is
 * followed only where that is allowed and nothing clashes.
 */
export function compare<T>(draft: Draft<T>, held: Held<T>, merge: Merge<T>, mayFollow: boolean): Newer<T> {
  if (held.version <= draft.version) return { kind: "none" };
  if (same(held.value, draft.base)) return { kind: "follow", draft: { ...draft, version: held.version } };
  const { value, clashes } = merge(draft.base, draft.mine, held.value);
  if (!mayFollow || clashes.length > 0) return { kind: "ask", theirs: held };
  return { kind: "follow", draft: { base: held.value, version: held.version, mine: value } };
}

/** The draft after a save of `sent`: what was changed while it was under way stays, on top of what was saved. */
export function settle<T>(draft: Draft<T>, sent: T, saved: Held<T>, merge: Merge<T>): Draft<T> {
  return { base: saved.value, version: saved.version, mine: merge(sent, draft.mine, saved.value).value };
}

/** Whether nothing is unsaved in it. */
export function isSettled<T>({ base, mine }: Draft<T>): boolean {
  return same(base, mine);
}
