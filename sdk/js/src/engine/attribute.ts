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
    let value: unknown = own(context, first);
    for (const token of rest) value = inside(value, token);
    return present(value);
  };
}

function byName(name: string): Resolve {
  if (name === TARGETING_KEY) {
    return ({ targetingKey }) => (typeof targetingKey === "string" ? wellFormed(targetingKey) : undefined);
  }
  return (context) => present(own(context, name));
}

/** In one pass: `~01` is `~1`, not `/`. */
function plain(token: string): string {
  return token.replaceAll(/~[01]/g, (written) => (written === "~0" ? "~" : "/"));
}

function own(holder: object, name: string): unknown {
  return Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined;
}

function inside(holder: unknown, token: string): unknown {
  const value = isDated(holder) ? holder.toJSON() : holder;
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return own(value, token);
  return /^(0|[1-9][0-9]*)$/.test(token) ? (value as unknown[])[Number(token)] : undefined;
}

/**
 * What a hub would receive: contexts are the caller's own objects, and rules read them as JSON has them. So a `Date` is
 * its text, and what JSON cannot say is absent.
 */
function present(value: unknown): Attribute {
  switch (typeof value) {
    case "string":
      return wellFormed(value);
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : undefined;
    case "object":
      if (value === null) return undefined;
      if (isDated(value)) return present(value.toJSON());
      return Array.isArray(value) && !value.every(isPlain)
        ? value.map((element) => present(element) ?? null)
        : (value as Attribute);
    default:
      return undefined;
  }
}

/** Whether `present` would leave an element of a list as it is. */
function isPlain(element: unknown): boolean {
  return typeof element === "string" ? !LONE_SURROGATE.test(element) : !isDated(element);
}

/** Whether JSON has it in a form of its own choice, as it has a `Date`. */
function isDated(value: unknown): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown } | null)?.toJSON === "function";
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Half of a surrogate pair, as cutting a text leaves it, becomes U+FFFD: UTF-8, which a hub receives, cannot hold it. */
function wellFormed(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replaceAll(LONE_SURROGATES, "\ufffd") : text;
}
