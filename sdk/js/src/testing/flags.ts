/** The flags of a test, and what they serve to a context. */

import { copy } from "../json.js";
import type { Context, Json } from "../types.js";
import type { TestValue } from "./types.js";

type Value = TestValue<Json>;

export interface FlagTable {
  /** Rises with every change. */
  version(): number;
  keys(): string[];
  /** The version that a flag was last set at. */
  versionOf(key: string): number;
  /** What a flag serves; undefined where that is the caller's default. */
  valueFor(key: string, context: Context): Json | undefined;
  /** Whether what it serves depends on the context. */
  depends(key: string): boolean;
  /** Takes what `set` was called with; returns the keys. */
  set(keyOrFlags: string | object, value?: unknown): string[];
  remove(key: string): void;
}

export function createFlagTable(flags: object): FlagTable {
  const table = new Map<string, { readonly value: Value; readonly version: number }>();
  let version = 0;

  function set(keyOrFlags: string | object, value?: unknown): string[] {
    const given = typeof keyOrFlags === "string" ? { [keyOrFlags]: value } : keyOrFlags;
    const entries = Object.entries(given).filter(([, each]) => each !== undefined);
    version++;
    for (const [key, each] of entries) {
      // A copy, as the hub would send one: nothing that the test changes later changes a flag.
      table.set(key, { value: typeof each === "function" ? each : copy(each), version });
    }
    return entries.map(([key]) => key);
  }

  set(flags);
  return {
    version: () => version,
    keys: () => [...table.keys()],
    versionOf: (key) => table.get(key)?.version ?? 0,
    valueFor(key, context) {
      const value = table.get(key)?.value;
      const served = typeof value === "function" ? value(context) : value;
      return served === undefined ? undefined : copy(served);
    },
    depends: (key) => typeof table.get(key)?.value === "function",
    set,
    remove(key) {
      version++;
      table.delete(key);
    },
  };
}
