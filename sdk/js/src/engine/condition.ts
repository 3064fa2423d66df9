/** Condition trees: read, checked and compiled in one walk. */

import type { Json } from "../types.js";
import type { Resolve } from "./attribute.js";
import { parseAttribute } from "./attribute.js";
import type { Seed } from "./bucket.js";
import { parseSeed } from "./bucket.js";
import type { Clause, ClauseModel, Operator } from "./clause.js";
import { compileClause, isOperator } from "./clause.js";
import type { References } from "./references.js";
import type { Fields } from "./shape.js";
import {
  boolean,
  fields,
  list,
  Malformed,
  member,
  nullable,
  optional,
  TARGETING_KEY,
  text,
  texts,
  whole,
} from "./shape.js";

export type Condition =
  | { readonly kind: "all" | "any"; readonly conditions: readonly Condition[] }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "segment"; readonly segment: string }
  | { readonly kind: "flag"; readonly flag: string; readonly variations: readonly string[] }
  | { readonly kind: "bucket"; readonly by: By; readonly from: number; readonly below: number }
  | { readonly kind: "clause"; readonly holds: Clause };

/** What is bucketed, and with which seed. */
export interface By {
  readonly name: string;
  /** Null where the name is malformed: always missing. */
  readonly resolve: Resolve | null;
  readonly seed: Seed;
}

/** How deep a condition may nest. */
export const MAX_CONDITION_DEPTH = 32;

/** The largest number that a bucket or a weight may be written as. */
export const MAX_UINT32 = 2 ** 32 - 1;

/** No one. */
export const NEVER: Condition = { kind: "any", conditions: [] };

export function parseBy(name: string, seed: string): By {
  return { name, resolve: parseAttribute(name), seed: parseSeed(seed) };
}

const ONE_OF = "a condition has exactly one of all, any, not, segment, flag, bucket or attribute";

/**
 * Compiles a condition whose buckets without a seed use `salt`, if there is one, and notes what it refers to.
 *
 * @throws Malformed
 */
export function compileCondition(
  json: Json | undefined,
  salt: string | null,
  references: References,
): Condition {
  return new Compiler(salt, references).condition(json, 1);
}

class Compiler {
  constructor(
    private readonly salt: string | null,
    private readonly references: References,
  ) {}

  condition(json: Json | undefined, depth: number): Condition {
    if (depth > MAX_CONDITION_DEPTH) {
      throw new Malformed(`conditions nest at most ${MAX_CONDITION_DEPTH} deep`);
    }
    const from = fields(json, "a condition");
    const kinds = ["all", "any", "not", "segment", "flag", "bucket", "attribute"].filter((name) =>
      Object.hasOwn(from, name),
    );
    if (kinds.length !== 1) throw new Malformed(ONE_OF);
    // The fields of clauses must be well-formed wherever they stand.
    const model = clauseFields(from);
    switch (kinds[0]) {
      case "all":
      case "any": {
        const conditions = list(member(from, kinds[0]), kinds[0]);
        return { kind: kinds[0], conditions: conditions.map((each) => this.condition(each, depth + 1)) };
      }
      case "not":
        return { kind: "not", condition: this.condition(member(from, "not"), depth + 1) };
      case "segment":
        return this.segment(text(member(from, "segment"), "segment"));
      case "flag":
        return this.flag(text(member(from, "flag"), "flag"), texts(member(from, "variations"), "variations"));
      case "bucket":
        return this.bucket(fields(member(from, "bucket"), "bucket"));
      default:
        return { kind: "clause", holds: compileClause(clause(from, model)) };
    }
  }

  private segment(segment: string): Condition {
    this.references.segments.add(segment);
    return { kind: "segment", segment };
  }

  private flag(flag: string, variations: readonly string[]): Condition {
    this.references.flags.add(flag);
    return { kind: "flag", flag, variations };
  }

  private bucket(from: Fields): Condition {
    const by = optional(from, "by", text, TARGETING_KEY);
    const seed = nullable(from, "seed", text) ?? this.salt;
    const begin = optional(from, "from", uint32, 0);
    const below = uint32(member(from, "below"), "below");
    if (seed === null) throw new Malformed("a bucket in a segment needs a seed of its own");
    return { kind: "bucket", by: parseBy(by, seed), from: begin, below };
  }
}

export function uint32(json: Json | undefined, what: string): number {
  return whole(json, what, MAX_UINT32);
}

interface ClauseFields extends Omit<ClauseModel, "attribute" | "op"> {
  readonly op: Operator | null;
}

function clauseFields(from: Fields): ClauseFields {
  if (Object.hasOwn(from, "variations")) texts(member(from, "variations"), "variations");
  return {
    op: optional<Operator | null>(from, "op", operator, null),
    values: optional(from, "values", list, []),
    negate: optional(from, "negate", boolean, false),
    ignoreCase: optional(from, "ignoreCase", boolean, false),
  };
}

function clause(from: Fields, { op, ...model }: ClauseFields): ClauseModel {
  if (!op) throw new Malformed("a clause needs an op");
  return { ...model, op, attribute: text(member(from, "attribute"), "attribute") };
}

function operator(json: Json, what: string): Operator {
  const name = text(json, what);
  if (!isOperator(name)) throw new Malformed(`this version knows no operator ${name}`);
  return name;
}
