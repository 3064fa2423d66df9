/** Clauses, with everything parsed that can be before a context is seen. */

import type { Context, Json } from "../types.js";
import { parseAttribute } from "./attribute.js";
import { parseInstant } from "./instant.js";
import { networkSet, parseAddress, parseNetwork } from "./network.js";
import { NotPortable } from "./pattern/parse.js";
import { compilePattern } from "./pattern/pattern.js";
import type { Scalar } from "./scalar.js";
import { isScalar, lowerCase, scalarSet } from "./scalar.js";
import { compareVersions, parseVersion } from "./version.js";

/** A clause as written, its shape already checked. */
export interface ClauseModel {
  readonly attribute: string;
  readonly op: Operator;
  readonly values: readonly Json[];
  readonly negate: boolean;
  readonly ignoreCase: boolean;
}

/** Whether it holds for a context. */
export type Clause = (context: Context) => boolean;

/** Compares a scalar with a clause's values; null where the operator cannot compare it. */
type Test = (scalar: Scalar) => boolean | null;

/** Makes the test for a clause's values; null where one of them is malformed. */
type Compile = (values: readonly Json[], fold: boolean) => Test | null;

/** How each operator compares. `exists` looks at no value. */
const OPERATORS = {
  in: (values, fold) => {
    const set = scalarSet(values, fold);
    return set && ((scalar) => set.has(scalar));
  },
  startsWith: textual((text, value) => text.startsWith(value)),
  endsWith: textual((text, value) => text.endsWith(value)),
  contains: textual((text, value) => text.includes(value)),
  matches: (values, fold) => {
    const patterns = each(values, (value) => (typeof value === "string" ? portable(value, fold) : null));
    return patterns && onText((text) => patterns.some((pattern) => pattern.matches(text)));
  },
  lt: numeric(toNumber, Math.max, (number, bound) => number < bound),
  lte: numeric(toNumber, Math.max, (number, bound) => number <= bound),
  gt: numeric(toNumber, Math.min, (number, bound) => number > bound),
  gte: numeric(toNumber, Math.min, (number, bound) => number >= bound),
  before: numeric(toInstant, Math.max, (instant, bound) => instant < bound),
  after: numeric(toInstant, Math.min, (instant, bound) => instant > bound),
  semverEq: versioned((order) => order === 0),
  semverLt: versioned((order) => order < 0),
  semverLte: versioned((order) => order <= 0),
  semverGt: versioned((order) => order > 0),
  semverGte: versioned((order) => order >= 0),
  inCidr: (values) => {
    const networks = each(values, (value) => (typeof value === "string" ? parseNetwork(value) : null));
    const contains = networks && networkSet(networks);
    return (
      contains &&
      onText((text) => {
        const address = parseAddress(text);
        return address === null ? null : contains(address);
      })
    );
  },
  exists: () => () => true,
} satisfies Record<string, Compile>;

export type Operator = keyof typeof OPERATORS;

export function isOperator(name: string): name is Operator {
  return Object.hasOwn(OPERATORS, name);
}

/** The operators that `ignoreCase` says something about. */
const CASED: ReadonlySet<string> = new Set(["in", "startsWith", "endsWith", "contains", "matches"]);

const NEVER: Clause = () => false;

export function compileClause({ attribute, op, values, negate, ignoreCase }: ClauseModel): Clause {
  const resolve = parseAttribute(attribute);
  if (!resolve) return NEVER;
  if (op === "exists") return (context) => (resolve(context) !== undefined) !== negate;
  const fold = ignoreCase && CASED.has(op);
  const test = (OPERATORS[op] as Compile)(values, fold);
  if (!test) return NEVER;
  const compare: Test = fold
    ? (scalar) => test(typeof scalar === "string" ? lowerCase(scalar) : scalar)
    : test;
  return (context) => {
    const value = resolve(context);
    if (value === undefined) return false;
    const matched = Array.isArray(value) ? any(value, compare) : isScalar(value) ? compare(value) : null;
    // What cannot be compared does not match, negated or not.
    return matched !== null && matched !== negate;
  };
}

/** Any element may match; where none does, one that cannot be compared leaves it open. */
function any(elements: readonly Json[], test: Test): boolean | null {
  let compared = true;
  for (const element of elements) {
    const matched = isScalar(element) ? test(element) : null;
    if (matched) return true;
    if (matched === null) compared = false;
  }
  return compared ? false : null;
}

/** All of the values read; null where one cannot be. */
function each<T>(values: readonly Json[], read: (value: Json) => T | null): T[] | null {
  const all: T[] = [];
  for (const value of values) {
    const parsed = read(value);
    if (parsed === null) return null;
    all.push(parsed);
  }
  return all;
}

function onText(test: (text: string) => boolean | null): Test {
  return (scalar) => (typeof scalar === "string" ? test(scalar) : null);
}

function textual(holds: (text: string, value: string) => boolean): Compile {
  return (values, fold) => {
    const texts = each(values, (value) => {
      if (typeof value !== "string") return null;
      return fold ? lowerCase(value) : value;
    });
    return texts && onText((text) => texts.some((value) => holds(text, value)));
  };
}

/** Any value may match, so the greatest or the least of them decides; of no values, an infinity that admits nothing. */
function numeric(
  read: (value: Json) => number | null,
  decisive: typeof Math.max,
  admits: (number: number, bound: number) => boolean,
): Compile {
  return (values) => {
    const numbers = each(values, read);
    if (!numbers) return null;
    // Not spread over arguments: there may be very many.
    const bound = numbers.reduce((own, other) => decisive(own, other), decisive());
    return (scalar) => {
      const number = read(scalar);
      return number === null ? null : admits(number, bound);
    };
  };
}

function toNumber(value: Json): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function toInstant(value: Json): number | null {
  return typeof value === "string" ? parseInstant(value) : toNumber(value);
}

function versioned(admits: (order: number) => boolean): Compile {
  return (values) => {
    const versions = each(values, (value) => (typeof value === "string" ? parseVersion(value) : null));
    return (
      versions &&
      onText((text) => {
        const version = parseVersion(text);
        return version && versions.some((other) => admits(compareVersions(version, other)));
      })
    );
  };
}

function portable(pattern: string, fold: boolean) {
  try {
    return compilePattern(pattern, fold);
  } catch (error) {
    if (error instanceof NotPortable) return null;
    throw error;
  }
}
