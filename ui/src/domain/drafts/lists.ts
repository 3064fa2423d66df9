import { same } from "@/lib/same";

export interface ListMerge<T> {
  /** What an item is, whatever its place and its details. Of items that are the same by this, the first pairs with the first. */
  idOf: (item: T) => string;
  /** Merges an item that both sides changed, and reports what clashes in it. Without it mine stays, and that is a clash. */
  mergeItem?: (was: T, my: T, their: T) => T;
  /** Both sides changed an item in different ways, or one removed what the other changed. */
  clash: (id: string) => void;
  /** Both sides put the items in different orders. */
  orderClash?: () => void;
}

/**
 * Puts my changes to a list, made on `base`, on top of theirs. Items are paired by what they are, never by their place:
 * what I left alone is as they have it, what they removed and I left alone is gone, and what either side added stands
 * behind the item that it was added behind.
 */
export function mergeLists<T>(
  base: readonly T[],
  mine: readonly T[],
  theirs: readonly T[],
  options: ListMerge<T>,
): T[] {
  if (same(base, mine)) return [...theirs];
  if (same(base, theirs)) return [...mine];
  const [was, my, their] = [base, mine, theirs].map((items) => byId(items, options.idOf)) as [
    Map<string, T>,
    Map<string, T>,
    Map<string, T>,
  ];
  const merged = new Map<string, T>();
  for (const id of new Set([...was.keys(), ...my.keys(), ...their.keys()])) {
    const item = mergeItem(id, was.get(id), my.get(id), their.get(id), options);
    if (item !== undefined) merged.set(id, item);
  }
  return mergeOrder([...was.keys()], [...my.keys()], [...their.keys()], options.orderClash).flatMap((id) => {
    const item = merged.get(id);
    return item === undefined ? [] : [item];
  });
}

/** Puts the values that I added and removed on top of theirs. Values are primitive, and no side has one twice. */
export function mergeValues<T>(base: readonly T[], mine: readonly T[], theirs: readonly T[]): T[] {
  const [was, my, their] = [new Set(base), new Set(mine), new Set(theirs)];
  return [
    ...theirs.filter((value) => my.has(value) || !was.has(value)),
    ...mine.filter((value) => !was.has(value) && !their.has(value)),
  ];
}

function byId<T>(items: readonly T[], idOf: (item: T) => string): Map<string, T> {
  const result = new Map<string, T>();
  for (const item of items) {
    const id = idOf(item);
    let unique = id;
    for (let count = 2; result.has(unique); count += 1) unique = `${id} ${count}`;
    result.set(unique, item);
  }
  return result;
}

function mergeItem<T>(
  id: string,
  was: T | undefined,
  my: T | undefined,
  their: T | undefined,
  { mergeItem: merge, clash }: ListMerge<T>,
): T | undefined {
  if (same(was, my)) return their;
  if (same(was, their) || same(my, their)) return my;
  if (merge && was !== undefined && my !== undefined && their !== undefined) return merge(was, my, their);
  clash(id);
  return my;
}

/** My order if I changed it, else theirs. What only the other side has follows what it follows there. */
function mergeOrder(was: string[], my: string[], their: string[], clash: (() => void) | undefined): string[] {
  const [moved, theyMoved] = [isReordered(was, my), isReordered(was, their)];
  if (moved && theyMoved && isReordered(my, their)) clash?.();
  const [leading, following] = moved ? [my, their] : [their, my];
  const order = [...leading];
  const placed = new Set(leading);
  following.forEach((id, index) => {
    if (placed.has(id)) return;
    const before = following[index - 1];
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
    placed.add(id);
  });
  return order;
}

/** Whether what both have stands in another order. */
function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const [old, now] = [new Set(before), new Set(after)];
  return !same(
    before.filter((id) => now.has(id)),
    after.filter((id) => old.has(id)),
  );
}
