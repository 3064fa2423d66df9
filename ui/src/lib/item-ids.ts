import { useRef } from "react";

export interface ItemIds<T> {
  /** The items' ids, in their order. */
  ids: readonly string[];
  /** The id of an item that is in the list or about to be added to it. */
  idOf: (item: T) => string;
}

let made = 0;

/**
 * Gives each item of an edited list an id that stays the same while the item is moved, edited, or replaced by what was
 * saved: the ids that React and drag and drop need where an item has none, or where its own is edited.
 *
 * An item is known by its reference. One that is new takes the id of the item that it replaces at its place.
 */
export function useItemIds<T extends object>(items: readonly T[]): ItemIds<T> {
  const known = useRef(new WeakMap<T, string>()).current;
  const last = useRef<readonly string[]>([]);
  last.current = identify(items, known, last.current);
  return {
    ids: last.current,
    idOf: (item) => {
      const id = known.get(item) ?? newId();
      known.set(item, id);
      return id;
    },
  };
}

/** The ids of `items`, by those that are known and those that stood at their places before. */
export function identify<T extends object>(
  items: readonly T[],
  known: WeakMap<T, string>,
  before: readonly string[],
): readonly string[] {
  const taken = new Set(items.flatMap((item) => known.get(item) ?? []));
  const given = new Set<string>();
  const ids = items.map((item, index) => {
    const held = known.get(item);
    const replaced = before[index];
    let id = held ?? (replaced !== undefined && !taken.has(replaced) ? replaced : newId());
    // The same object twice is two items.
    if (given.has(id)) id = newId();
    given.add(id);
    known.set(item, id);
    return id;
  });
  return ids.length === before.length && ids.every((id, index) => id === before[index]) ? before : ids;
}

function newId(): string {
  made += 1;
  return `item-${made}`;
}
