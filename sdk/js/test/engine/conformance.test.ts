// Runs every case of sdk/conformance/evaluation; its README.md says how.
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/engine/evaluate.js";
import type { Ruleset } from "../../src/engine/ruleset.js";
import { loadRuleset, patchRuleset } from "../../src/engine/ruleset.js";
import type { Context, Json } from "../../src/types.js";
import { conformanceFiles } from "../support/conformance.js";

/** Fewer mean that files went missing. */
const FEWEST_CASES = 1_200;

interface File {
  readonly ruleset?: Json;
  readonly cases?: readonly { name: string; flag: string; context: Context; expect: Json }[];
  readonly conditions?: readonly { name: string; condition: Json; context: Context; matches: boolean }[];
  readonly buckets?: readonly { name: string; seed: string; value: Json; bucket: number | null }[];
}

type Run = [name: string, actual: () => object, expected: Json];

function runs({ ruleset: json = {}, cases = [], conditions = [], buckets = [] }: File): Run[] {
  const ruleset = loadRuleset(json);
  return [
    ...cases.map(
      ({ name, flag, context, expect }): Run => [name, () => detail(ruleset, flag, context), expect],
    ),
    ...conditions.map(({ name, condition, context, matches }) =>
      conditionRun(ruleset, name, condition, context, matches),
    ),
    ...buckets.map(({ name, seed, value, bucket }) => {
      const range = bucket === null ? { from: 0, below: 100_000 } : { from: bucket, below: bucket + 1 };
      const condition = { bucket: { by: "value", seed, ...range } };
      return conditionRun(ruleset, name, condition, { value }, bucket !== null);
    }),
  ];
}

function conditionRun(ruleset: Ruleset, name: string, when: Json, context: Context, matches: boolean): Run {
  const flag = {
    type: "boolean",
    enabled: true,
    variations: { true: true, false: false },
    salt: "salt",
    version: 1,
    rules: [{ id: "condition", when, serve: { variation: "true" } }],
    fallthrough: { variation: "false" },
  };
  const putFlags = { condition: flag };
  const patched = patchRuleset(ruleset, {
    version: 1,
    putFlags,
    deletedFlags: [],
    putSegments: {},
    deletedSegments: [],
  });
  const rule = { reason: "TARGETING_MATCH", ruleId: "condition", ruleIndex: 0 };
  const expected = matches
    ? { value: true, variation: "true", ...rule, flagVersion: 1 }
    : { value: false, variation: "false", reason: "DEFAULT", flagVersion: 1 };
  return [name, () => detail(patched, "condition", context), expected];
}

/** Without what is free to differ. */
function detail(ruleset: Ruleset, flag: string, context: Context): object {
  const { errorDetails: _, ...detail } = evaluate(ruleset, flag, context);
  return detail;
}

let count = 0;

describe.each(conformanceFiles<File>("evaluation"))("%s", (_, file) => {
  const all = runs(file);
  count += all.length;
  test("has names that are its own", () => {
    expect(new Set(all.map(([name]) => name)).size).toBe(all.length);
  });
  test.each(all)("%s", (_name, actual, expected) => {
    expect(actual()).toStrictEqual(expected);
  });
});

test("the cases are there", () => {
  expect(count).toBeGreaterThanOrEqual(FEWEST_CASES);
});
