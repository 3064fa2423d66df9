import type { ValueStorage } from "../../src/types.js";

/** A page's storage whose items the test can see. */
export interface FakeStorage extends ValueStorage {
  readonly items: Map<string, string>;
  writes: number;
}

export function createFakeStorage(): FakeStorage {
  const items = new Map<string, string>();
  return {
    items,
    writes: 0,
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      this.writes++;
      items.set(key, value);
    },
    removeItem: (key) => void items.delete(key),
  };
}
