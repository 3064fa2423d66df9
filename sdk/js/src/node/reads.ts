/** The reading half of a client that evaluates by itself, wherever its rules come from. */

import type { FlagProgram } from "../engine/flag.js";
import type { Ruleset } from "../engine/ruleset.js";
import type { Context, ContextLike, Json } from "../types.js";
import type { Answer } from "./answer.js";
import { answer, describe } from "./answer.js";
import type { ServerClient, ServerDetail } from "./types.js";

export type Reads = Pick<ServerClient, "bool" | "string" | "number" | "object" | "detail" | "allFlags">;

export interface ReadsOptions {
  /** The rules of this moment; null before there are any. */
  ruleset(context: Context): Ruleset | null;
  /** Called for every evaluation, except those of `allFlags`. */
  report(flag: string, answer: Answer, program: FlagProgram | null | undefined, context: Context): void;
}

const NOBODY: Context = Object.freeze({});

export function createReads({ ruleset, report }: ReadsOptions): Reads {
  function ask(key: string, given: ContextLike, type?: string): Answer {
    const context = given as Context;
    const rules = ruleset(context);
    const answered = answer(rules, key, context, type);
    report(key, answered, rules?.flags.get(key)?.program, context);
    return answered;
  }

  function read<T>(key: string, defaultValue: T, context: ContextLike, type: string): T {
    const { variation, value } = ask(key, context, type);
    return variation === undefined ? defaultValue : (value as T);
  }

  return {
    bool: (key, defaultValue, context = NOBODY) => read(key, defaultValue, context, "boolean"),
    string: (key, defaultValue, context = NOBODY) => read(key, defaultValue, context, "string"),
    number: (key, defaultValue, context = NOBODY) => read(key, defaultValue, context, "number"),
    object: (key, defaultValue, context = NOBODY) => read(key, defaultValue, context, "object"),
    detail<T>(key: string, defaultValue: T, context: ContextLike = NOBODY): ServerDetail<T> {
      const type = defaultValue === null ? undefined : typeof defaultValue;
      const detail = describe(ask(key, context, type), defaultValue);
      const flagMetadata = ruleset(context as Context)?.flags.get(key)?.program?.metadata;
      return flagMetadata ? { ...detail, flagMetadata } : detail;
    },
    allFlags(given: ContextLike = NOBODY, { clientVisible = false } = {}) {
      const context = given as Context;
      const rules = ruleset(context);
      const served: [string, Json][] = [];
      for (const [key, { program }] of rules?.flags ?? []) {
        if (clientVisible && !program?.clientVisible) continue;
        const { variation, value } = answer(rules, key, context, undefined);
        if (variation !== undefined) served.push([key, value]);
      }
      return Object.fromEntries(served);
    },
  };
}
