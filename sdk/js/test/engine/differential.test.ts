// Both engines on thousands of random rulesets and contexts: `PEEKABOO_BIN evaluate`, else that of the debug build.
// DIFFERENTIAL_SEED and DIFFERENTIAL_ROUNDS run others, and more.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { evaluate } from "../../src/engine/evaluate.js";
import { loadRuleset } from "../../src/engine/ruleset.js";
import type { Context } from "../../src/types.js";
import { BINARY, temporaryDirectory } from "../support/binary.js";
import { createRandom } from "../support/random.js";
import type { Draft } from "../support/rulesets.js";
import { Rulesets, write } from "../support/rulesets.js";
import { shrink } from "../support/shrink.js";

const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 1);
const ROUNDS = Number(process.env.DIFFERENTIAL_ROUNDS ?? 10);
/** Each round's rulesets are evaluated as one, their keys kept apart, since starting a process takes its time. */
const RULESETS = 300;
const CONTEXTS = 4;

const directory = temporaryDirectory();
afterAll(directory.remove);

/** A ruleset with one question to it. */
interface Trial {
  readonly flags: { [key: string]: Draft };
  readonly segments: { [key: string]: Draft };
  readonly flag: string;
  readonly context: Draft;
}

test.each(Array.from({ length: ROUNDS }, (_, i) => SEED + i))(
  "the Rust engine and this one decide alike: seed %d",
  { timeout: 120_000 },
  async (seed) => {
    const random = createRandom(seed);
    const trials = Array.from({ length: RULESETS }, (_, i) => {
      const make = new Rulesets(random, `${i}-`);
      const ruleset = { flags: make.flags(), segments: make.segments() };
      return random
        .list(CONTEXTS, CONTEXTS, () => make.context())
        .flatMap((context) => make.keys().map((flag): Trial => ({ ...ruleset, flag, context })));
    }).flat();
    const flags = Object.assign({}, ...trials.map((trial) => trial.flags)) as Trial["flags"];
    const segments = Object.assign({}, ...trials.map((trial) => trial.segments)) as Trial["segments"];

    const theirs = await rustDetails(flags, segments, trials);
    const own = ownDetails(flags, segments, trials);
    const different = trials.find((_, i) => !same(own[i], theirs[i]));
    if (different) throw new Error(await report(different));

    // The cases are meaningful: each reason and each error occurs, and most flags are not errors.
    const reasons = new Set(own.map(({ reason, errorCode }) => errorCode ?? reason));
    expect(reasons.size).toBe(8);
    expect(own.filter(({ reason }) => reason !== "ERROR").length).toBeGreaterThan(own.length / 2);
  },
);

/** What both of them say, without what is free to differ. */
interface Detail {
  readonly reason: string;
  readonly errorCode?: string;
}

/** What the engine here says, of the same text. */
function ownDetails(flags: Draft, segments: Draft, trials: readonly Trial[]): Detail[] {
  const ruleset = loadRuleset(JSON.parse(write({ flags, segments })));
  return trials.map(({ flag, context }) =>
    withoutWording(evaluate(ruleset, flag, JSON.parse(write(context)) as Context)),
  );
}

async function rustDetails(flags: Draft, segments: Draft, trials: readonly Trial[]): Promise<Detail[]> {
  const [ruleset, batch] = ["ruleset.json", "batch.jsonl"].map((name) => join(directory.path, name)) as [
    string,
    string,
  ];
  writeFileSync(ruleset, write({ flags, segments }));
  writeFileSync(batch, trials.map(({ flag, context }) => `${write({ flag, context })}\n`).join(""));
  const output = await new Promise<string>((resolve, reject) => {
    const options = { maxBuffer: 1 << 28 };
    execFile(BINARY, ["evaluate", "--ruleset", ruleset, "--batch", batch], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => withoutWording(JSON.parse(line)));
}

function withoutWording({ errorDetails: _, ...detail }: Detail & { errorDetails?: string }): Detail {
  return detail;
}

function same(own: Detail | undefined, theirs: Detail | undefined): boolean {
  // Numbers as doubles, -0 being 0; the order of members does not count.
  return canonical(own) === canonical(theirs);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([own], [other]) => (own < other ? -1 : 1)))
      : each,
  );
}

/** The smallest trial found that the engines still decide differently. */
async function report(trial: Trial): Promise<string> {
  const outcomes = async (each: Trial) => {
    const [theirs] = await rustDetails(each.flags, each.segments, [each]);
    const [own] = ownDetails(each.flags, each.segments, [each]);
    return { own, theirs };
  };
  const smallest = await shrink(trial as never as Draft, async (draft) => {
    const { own, theirs } = await outcomes(draft as never as Trial);
    return !same(own, theirs);
  });
  const { own, theirs } = await outcomes(smallest as never as Trial);
  const { flags, segments, flag, context } = smallest as never as Trial;
  return [
    "the engines differ:",
    `ruleset: ${write({ flags, segments })}`,
    `flag:    ${flag}`,
    `context: ${write(context)}`,
    `here:    ${JSON.stringify(own)}`,
    `Rust:    ${JSON.stringify(theirs)}`,
  ].join("\n");
}
