/** Strings, numbers and booleans: what can equal another, in type and value. */

import type { Context, Json } from "../types.js";
import type { Resolve } from "./attribute.js";
import { parseAttribute } from "./attribute.js";

export type Scalar = string | number | boolean;

export function isScalar(value: Json | undefined): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

/** Puts the letters A to Z in lower case and no others: case folding of all of Unicode changes with its versions. */
export function lowerCase(text: string): string {
  return /[A-Z]/.test(text) ? text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** A set by type and value (-0 is 0); null where one of the values is null, a list or an object. */
export function scalarSet(values: readonly Json[], fold: boolean): ReadonlySet<Scalar> | null {
  const set = new Set<Scalar>();
  for (const value of values) {
    if (!isScalar(value)) return null;
    set.add(fold && typeof value === "string" ? lowerCase(value) : value);
  }
  return set;
}

/** Whether an attribute's value, or one of its elements, is on a list. */
export interface Members {
  readonly resolve: Resolve;
  readonly values: ReadonlySet<Scalar>;
}

/** Null where the name or one of the values is malformed. */
export function parseMembers(attribute: string, values: readonly Json[]): Members | null {
  const resolve = parseAttribute(attribute);
  const set = scalarSet(values, false);
  return resolve && set && { resolve, values: set };
}

export function isMember({ resolve, values }: Members, context: Context): boolean {
  if (values.size === 0) return false;
  const attribute = resolve(context);
  // Only scalars can be in a set.
  if (!Array.isArray(attribute)) return values.has(attribute as Scalar);
  return attribute.some((element) => values.has(element));
}
