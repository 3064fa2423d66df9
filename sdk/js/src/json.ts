import type { Json } from "./types.js";

/** A JSON object. */
export type JsonMap = { readonly [key: string]: Json };

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A copy as JSON has it: nothing of the caller's is shared, nothing but JSON is left. */
export function copy(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? "null");
}

/** @throws RangeError with the message, unless it holds. */
export function check(holds: unknown, otherwise = "malformed"): asserts holds {
  if (!holds) throw new RangeError(otherwise);
}

/** What the action returns; undefined where it throws. */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** A time that does not come. */
export const NEVER = Infinity;

export function nothing(): void {}
