/** Reads JSON of which nothing is known yet. Every reader throws `Malformed` where the shape is another. */

import type { Json } from "../types.js";

/** An object, of unknown members. */
export type Fields = { readonly [name: string]: Json };

/** Why a flag or a segment cannot be used. */
export class Malformed extends Error {}

/** The attribute that holds the context's targeting key, and the default of every `by` and `attribute`. */
export const TARGETING_KEY = "targetingKey";

export function isFields(json: Json | undefined): json is Fields {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** A member of an object; undefined where it is absent, whatever the object inherits. */
export function member(fields: Fields, name: string): Json | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

export function fields(json: Json | undefined, what: string): Fields {
  if (!isFields(json)) throw new Malformed(`${what} must be an object`);
  return json;
}

export function list(json: Json | undefined, what: string): readonly Json[] {
  if (!Array.isArray(json)) throw new Malformed(`${what} must be a list`);
  return json;
}

export function text(json: Json | undefined, what: string): string {
  if (typeof json !== "string") throw new Malformed(`${what} must be a string`);
  return json;
}

export function texts(json: Json | undefined, what: string): string[] {
  return list(json, what).map((each) => text(each, `each of ${what}`));
}

export function boolean(json: Json | undefined, what: string): boolean {
  if (typeof json !== "boolean") throw new Malformed(`${what} must be true or false`);
  return json;
}

/** A whole number from 0 to `max`, however it was written: 7.0 is 7. */
export function whole(json: Json | undefined, what: string, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof json !== "number" || !Number.isInteger(json) || json < 0 || json > max) {
    throw new Malformed(`${what} must be a whole number from 0 to ${max}`);
  }
  // -0 is 0.
  return json + 0;
}

/** Reads a member that may be absent, but not null. */
export function optional<T>(
  from: Fields,
  name: string,
  read: (json: Json, what: string) => T,
  otherwise: T,
): T {
  const json = member(from, name);
  return json === undefined ? otherwise : read(json, name);
}

/** Reads a member that may be absent or null. */
export function nullable<T>(from: Fields, name: string, read: (json: Json, what: string) => T): T | null {
  const json = member(from, name) ?? null;
  return json === null ? null : read(json, name);
}
