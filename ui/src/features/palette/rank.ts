/** What can be found: its name, and what else it goes by. */
export interface Findable {
  name: string;
  detail?: string | undefined;
  /** Other words that people look for it by. */
  words?: string | undefined;
}

const NOT_FOUND = 4;

/**
 * How well something answers a search, from 0: its name begins with the search, a word of its name does, its name contains
 * each word that was typed, or something else that it goes by does. Nothing where it does not answer it.
 */
export function rank({ name, detail = "", words = "" }: Findable, search: string): number | undefined {
  const [wanted, named] = [search.toLowerCase(), name.toLowerCase()];
  if (named.startsWith(wanted)) return 0;
  if (named.includes(` ${wanted}`)) return 1;
  const parts = wanted.split(/\s+/);
  if (parts.every((part) => named.includes(part))) return 2;
  const all = `${named} ${detail} ${words}`.toLowerCase();
  return parts.every((part) => all.includes(part)) ? 3 : undefined;
}

/** The items that answer a search, the best first. */
export function found<Item extends Findable>(items: readonly Item[], search: string): Item[] {
  const ranked = items.flatMap((item) => {
    const at = rank(item, search);
    return at === undefined ? [] : [{ item, at }];
  });
  return ranked.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

/** How well the best of several answers a search; for groups of them, to put the best group first. */
export function bestRank(items: readonly Findable[], search: string): number {
  return Math.min(NOT_FOUND, ...items.map((item) => rank(item, search) ?? NOT_FOUND));
}
