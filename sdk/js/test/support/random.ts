/** Random choices that a seed repeats. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  chance(probability: number): boolean;
  pick<T>(of: readonly T[]): T;
  /** Calls one of the functions, each as often as its weight says. */
  either<T>(...of: readonly (readonly [weight: number, make: () => T])[]): T;
  /** A list of `least` to `most` of what `make` makes. */
  list<T>(least: number, most: number, make: (index: number) => T): T[];
}

/** Mulberry32: 32 bits of state, which is plenty for tests. */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let hash = Math.imul(state ^ (state >>> 15), state | 1);
    hash ^= hash + Math.imul(hash ^ (hash >>> 7), hash | 61);
    return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: <T>(of: readonly T[]) => of[below(of.length)] as T,
    either(...of) {
      let left = next() * of.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, make] of of) {
        left -= weight;
        if (left < 0) return make();
      }
      return (of.at(-1) as (typeof of)[number])[1]();
    },
    list: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, (_, i) => make(i)),
  };
}
