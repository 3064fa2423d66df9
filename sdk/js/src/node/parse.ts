/** A ruleset as text, from a file or an answer of a hub. */

import type { Ruleset } from "../engine/ruleset.js";
import { loadRuleset } from "../engine/ruleset.js";
import type { Json } from "../types.js";

/** How deep a ruleset may nest. */
const MAX_DEPTH = 128;

/** @throws an error that says why the text is not a ruleset. */
export function parseRuleset(text: string): Ruleset {
  // Some editors write a byte order mark before it.
  const json = JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  if (nests(json, MAX_DEPTH)) throw new RangeError(`a ruleset must be nested at most ${MAX_DEPTH} deep`);
  return loadRuleset(json);
}

/** Whether it nests deeper than so many levels. */
function nests(json: Json, levels: number): boolean {
  if (typeof json !== "object" || json === null) return false;
  return levels === 0 || Object.values(json).some((each) => nests(each as Json, levels - 1));
}
