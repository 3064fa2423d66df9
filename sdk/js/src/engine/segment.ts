/** A segment, compiled. */

import type { Json } from "../types.js";
import type { Condition } from "./condition.js";
import { compileCondition, NEVER } from "./condition.js";
import type { References } from "./references.js";
import { createReferences } from "./references.js";
import type { Members } from "./scalar.js";
import { parseMembers } from "./scalar.js";
import { fields, list, Malformed, member, optional, TARGETING_KEY, text, whole } from "./shape.js";

export interface SegmentProgram {
  /** Both lists are of one attribute. */
  readonly included: Members;
  readonly excluded: Members;
  readonly when: Condition;
}

/** @throws Malformed */
export function compileSegment(json: Json): { program: SegmentProgram; references: References } {
  const from = fields(json, "a segment");
  const attribute = optional(from, "attribute", text, TARGETING_KEY);
  optional(from, "version", whole, 0);
  const members = (name: string): Members => {
    const parsed = parseMembers(attribute, optional(from, name, list, []));
    if (parsed) return parsed;
    throw new Malformed(
      `the attribute is a malformed JSON Pointer, or ${name} lists more than strings, numbers and booleans`,
    );
  };
  const references = createReferences();
  const when = member(from, "when") ?? null;
  return {
    program: {
      included: members("included"),
      excluded: members("excluded"),
      when: when === null ? NEVER : compileCondition(when, null, references),
    },
    references,
  };
}
