/** A flag, compiled: names resolved to outcomes, lists to sets, weights to thresholds. */

import type { Context, FlagMetadata, Json } from "../types.js";
import { BUCKETS, bucketOf } from "./bucket.js";
import type { By, Condition } from "./condition.js";
import { compileCondition, parseBy, uint32 } from "./condition.js";
import type { Outcome, ServedReason } from "./outcome.js";
import { failed } from "./outcome.js";
import type { References } from "./references.js";
import { createReferences } from "./references.js";
import type { Members } from "./scalar.js";
import { isScalar, parseMembers } from "./scalar.js";
import type { Fields } from "./shape.js";
import {
  boolean,
  fields,
  isFields,
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

/** What evaluation runs. Everything that a flag can serve was put into words when it was loaded. */
export interface FlagProgram {
  readonly enabled: boolean;
  readonly version: number;
  /** Whether browsers may see its value. */
  readonly clientVisible: boolean;
  /** Whether evaluations are reported as exposures. */
  readonly track: boolean;
  /** What people noted about it; null where that is nothing. */
  readonly metadata: FlagMetadata | null;
  /** Served while disabled. */
  readonly disabled: Outcome;
  /** Served instead of anything else while enabled, where it names a variation that it lacks. */
  readonly lacking: Outcome | null;
  readonly prerequisites: readonly Prerequisite[];
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
  readonly fallthrough: Serve;
  /** Served where the fallthrough splits by an attribute that is missing. */
  readonly keyMissing: Outcome;
}

export interface Prerequisite {
  readonly flag: string;
  readonly variations: readonly string[];
  readonly failed: Outcome;
}

export interface Target {
  /** Null where the name or a value is malformed: matches no one. */
  readonly members: Members | null;
  readonly outcome: Outcome;
}

export interface Rule {
  readonly when: Condition;
  readonly serve: Serve;
}

/** One outcome for everyone, or one by bucket. */
export interface Serve {
  /** Null where it splits. */
  readonly outcome: Outcome | null;
  readonly by: By | null;
  /** One past the last bucket of each arm, ascending. */
  readonly arms: readonly (readonly [below: number, outcome: Outcome])[];
}

/** What a serve gives a context; null where it splits by an attribute that is missing. */
export function serve({ outcome, by, arms }: Serve, context: Context): Outcome | null {
  if (outcome || !by?.resolve) return outcome;
  const bucket = bucketOf(by.seed, by.resolve(context));
  if (bucket === null) return null;
  // The last arm reaches past the last bucket.
  for (const [below, served] of arms) if (bucket < below) return served;
  return null;
}

const TYPES: Record<string, (value: Json) => boolean> = {
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

/** @throws Malformed */
export function compileFlag(json: Json): { program: FlagProgram; references: References } {
  const compiler = new Compiler(fields(json, "a flag"));
  return { program: compiler.program(), references: compiler.references };
}

class Compiler {
  readonly references = createReferences();
  private readonly variations: ReadonlyMap<string, Json>;
  private readonly version: number;
  private readonly salt: string;
  /** The first variation named that the flag does not have. */
  private lacked: string | null = null;

  constructor(private readonly from: Fields) {
    this.variations = readVariations(from);
    this.version = optional(from, "version", whole, 0);
    this.salt = optional(from, "salt", text, "");
  }

  program(): FlagProgram {
    const { from, version } = this;
    const off = nullable(from, "offVariation", text);
    const disabled = this.off(off, "DISABLED");
    const offLacked = this.lacked;
    const prerequisites = optional(from, "prerequisites", list, []).map((each) =>
      this.prerequisite(each, off),
    );
    const targets = optional(from, "targets", list, []).map((each) => this.target(each));
    const rules = optional(from, "rules", list, []).map((each, index) => this.rule(each, index));
    const isStatic = prerequisites.length + targets.length + rules.length === 0;
    const fallthrough = this.serve(member(from, "fallthrough"), isStatic ? "STATIC" : "DEFAULT");
    const by = fallthrough.by?.name ?? "";
    return {
      enabled: optional(from, "enabled", boolean, false),
      version,
      clientVisible: optional(from, "clientVisible", boolean, false),
      track: optional(from, "track", boolean, false),
      metadata: readMetadata(member(from, "metadata")),
      disabled: offLacked === null ? disabled : this.lacks(offLacked),
      lacking: this.lacked === null ? null : this.lacks(this.lacked),
      prerequisites,
      targets,
      rules,
      fallthrough,
      keyMissing: failed("TARGETING_KEY_MISSING", `it splits by ${by}, which is missing`, version),
    };
  }

  private prerequisite(json: Json, off: string | null): Prerequisite {
    const from = fields(json, "a prerequisite");
    const flag = text(member(from, "flag"), "flag");
    this.references.flags.add(flag);
    const variations = texts(member(from, "variations"), "variations");
    return { flag, variations, failed: this.off(off, "PREREQUISITE_FAILED", { prerequisite: flag }) };
  }

  private target(json: Json): Target {
    const from = fields(json, "a target");
    const variation = text(member(from, "variation"), "variation");
    const attribute = optional(from, "attribute", text, TARGETING_KEY);
    const members = parseMembers(attribute, optional(from, "values", list, []));
    return { members, outcome: this.outcome(variation, "TARGETING_MATCH") };
  }

  private rule(json: Json, ruleIndex: number): Rule {
    const from = fields(json, "a rule");
    const ruleId = optional(from, "id", text, "");
    const when = compileCondition(member(from, "when"), this.salt, this.references);
    const about = ruleId === "" ? { ruleIndex } : { ruleId, ruleIndex };
    return { when, serve: this.serve(member(from, "serve"), "TARGETING_MATCH", about) };
  }

  private serve(json: Json | undefined, reason: ServedReason, about: Partial<Outcome> = {}): Serve {
    const from = fields(json, "serve");
    const variation = nullable(from, "variation", text);
    const split = nullable(from, "split", fields);
    if ((variation === null) === (split === null)) {
      throw new Malformed("serve needs a variation or a split, and not both");
    }
    if (!split) {
      return { outcome: this.outcome(variation as string, reason, about), by: null, arms: [] };
    }
    const by = optional(split, "by", text, TARGETING_KEY);
    const seed = nullable(split, "seed", text) ?? this.salt;
    let below = 0;
    const arms = list(member(split, "weights"), "weights").map((each) => {
      const [name, weight] = pair(each);
      below += weight;
      return [below, this.outcome(name, "SPLIT", about)] as const;
    });
    if (below !== BUCKETS) {
      throw new Malformed(`the weights of a split sum to ${below}, not ${BUCKETS}`);
    }
    return { outcome: null, by: parseBy(by, seed), arms };
  }

  /** The off variation's outcome; the caller's default if there is none. */
  private off(name: string | null, reason: ServedReason, about: Partial<Outcome> = {}): Outcome {
    if (name !== null) return this.outcome(name, reason, about);
    return Object.freeze({ value: null, reason, ...about, flagVersion: this.version });
  }

  private outcome(variation: string, reason: ServedReason, about: Partial<Outcome> = {}): Outcome {
    const value = this.variations.get(variation);
    if (value === undefined) this.lacked ??= variation;
    return Object.freeze({ value: value ?? null, variation, reason, ...about, flagVersion: this.version });
  }

  private lacks(variation: string): Outcome {
    return failed("GENERAL", `it names a variation that it lacks: ${variation}`, this.version);
  }
}

function readVariations(from: Fields): ReadonlyMap<string, Json> {
  const type = text(member(from, "type"), "type");
  const admits = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!admits) throw new Malformed(`this version knows no type ${type}`);
  const variations = Object.entries(fields(member(from, "variations"), "variations"));
  for (const [name, value] of variations) {
    if (!admits(value))
      throw new Malformed(`the value of variation ${name} is not of the flag's type, ${type}`);
    freeze(value);
  }
  return new Map(variations);
}

/** Evaluation does not depend on it, so what is malformed in it is passed over. */
function readMetadata(json: Json | undefined): FlagMetadata | null {
  if (!isFields(json)) return null;
  const entries = Object.entries(json).filter(([, value]) => isScalar(value));
  return entries.length > 0 ? Object.freeze(Object.fromEntries(entries) as FlagMetadata) : null;
}

/** A variation and its weight. */
function pair(json: Json): [name: string, weight: number] {
  const [name, weight, ...more] = list(json, "each weight");
  if (more.length > 0) throw new Malformed("each weight must be a variation and a number");
  return [text(name, "a weight's variation"), uint32(weight, "a weight")];
}

/** Every reader shares the value. */
function freeze(value: Json): void {
  if (typeof value !== "object" || value === null) return;
  for (const each of Object.values(value)) freeze(each as Json);
  Object.freeze(value);
}
