/** Which flags a change may have changed the outcome of. */

import type { Entry, Ruleset } from "./ruleset.js";

/**
 * The keys of the flags that were put, replaced or deleted, and of those that depend on anything that was, however
 * indirectly; in the order of the ruleset, those that are gone last.
 */
export function affectedFlags(before: Ruleset | null, after: Ruleset): string[] {
  const flags = changed(before?.flags, after.flags);
  const segments = changed(before?.segments, after.segments);
  if (flags.size + segments.size === 0) return [];
  const affected = ({ references }: Entry<unknown>): boolean =>
    meet(references.flags, flags) || meet(references.segments, segments);
  for (let known = -1; known < flags.size + segments.size; ) {
    known = flags.size + segments.size;
    for (const [key, entry] of after.flags) if (affected(entry)) flags.add(key);
    for (const [key, entry] of after.segments) if (affected(entry)) segments.add(key);
  }
  const gone = [...flags].filter((key) => !after.flags.has(key));
  return [...[...after.flags.keys()].filter((key) => flags.has(key)), ...gone];
}

type Entries = ReadonlyMap<string, Entry<unknown>>;

/** The keys that one of them has not, or has otherwise. Hubs write what is equal in the same order. */
function changed(before: Entries = new Map(), after: Entries): Set<string> {
  const keys = new Set<string>();
  for (const [key, entry] of after) {
    const former = before.get(key);
    if (former === entry) continue;
    if (!former || JSON.stringify(former.json) !== JSON.stringify(entry.json)) keys.add(key);
  }
  for (const key of before.keys()) if (!after.has(key)) keys.add(key);
  return keys;
}

function meet(own: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const key of own) if (other.has(key)) return true;
  return false;
}
