/** How attributes are named and found: by name, or by JSON Pointer (RFC 6901) where the name begins with `/`. */

import type { Context, Json } from "../types.js";
import { TARGETING_KEY } from "./shape.js";

/** What an attribute may hold; undefined where it is absent or null, which are one. */
export type Attribute = Exclude<Json, null> | undefined;

/** Finds an attribute. */
export type Resolve = (context: Context) => Attribute;

/** Parses a name; null where it is a pointer with a bad escape (`~` not followed by `0` or `1`). */
export function parseAttribute(name: string): Resolve | null {
  if (!name.startsWith("/")) return byName(name);
  if (/~(?![01])/.test(name)) return null;
  const [first = "", ...rest] = name.slice(1).split("/").map(plain);
  if (rest.length === 0) return byName(first);
  // The targeting key is a string: it has nothing inside it.
  if (first === TARGETING_KEY) return () => undefined;
  return (context) => {
    let value = own(context, first);
    for (const token of rest) value = inside(value, token);
    return present(value);
  };
}

function byName(name: string): Resolve {
  if (name === TARGETING_KEY) {
    return ({ targetingKey }) => (typeof targetingKey === "string" ? targetingKey : undefined);
  }
  return (context) => present(own(context, name));
}

/** In one pass: `~01` is `~1`, not `/`. */
function plain(token: string): string {
  return token.replaceAll(/~[01]/g, (written) => (written === "~0" ? "~" : "/"));
}

function own(holder: object, name: string): Json | undefined {
  return Object.hasOwn(holder, name) ? (holder as Record<string, Json | undefined>)[name] : undefined;
}

function inside(value: Json | undefined, token: string): Json | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return own(value, token);
  return /^(0|[1-9][0-9]*)$/.test(token) ? (value as Json[])[Number(token)] : undefined;
}

/** What JSON cannot say is null in it: contexts are the caller's own objects. */
function present(value: Json | undefined): Attribute {
  if (value === null || value === undefined) return undefined;
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}
