// Random flags, as flagd's own evaluator serves them and as their import does.
import { FlagdCore } from "@openfeature/flagd-core";
import { expect, test } from "vitest";
import type { Context } from "../../../sdk/js/src/types.js";
import type { Random } from "../../../sdk/js/test/support/random.js";
import { createRandom } from "../../../sdk/js/test/support/random.js";
import { importExport } from "./support/imported.js";

const ROUNDS = Number(process.env.DIFFERENTIAL_ROUNDS ?? 4);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 1);
const FLAGS = 400;
const CONTEXTS = 24;

type Json = { readonly [name: string]: unknown };

const SILENT = { error() {}, warn() {}, info() {}, debug() {} };

function condition(random: Random, depth = 0): Json {
  const attribute = (name: string): Json => ({ var: name });
  const number = () => random.pick([-1, 0, 7, 18]);
  const order = () => random.pick(["<", "<=", ">", ">="]);
  return random.either<Json>(
    [
      2,
      () => ({
        [random.pick(["==", "===", "!=", "!=="])]: [attribute("plan"), random.pick(["pro", "free", "7"])],
      }),
    ],
    [2, () => ({ [random.pick(["==", "!="])]: [attribute("age"), number()] })],
    [1, () => ({ [random.pick(["==", "!="])]: [attribute("plan"), null] })],
    [3, () => ({ [order()]: [attribute("age"), number()] })],
    [1, () => ({ [order()]: [number(), attribute("age")] })],
    [1, () => ({ "<": [0, attribute("age"), 18] })],
    [2, () => ({ in: [attribute("plan"), ["pro", "free"]] })],
    [1, () => ({ in: ["ro", attribute("plan")] })],
    [
      2,
      () => ({ [random.pick(["starts_with", "ends_with"])]: [attribute("plan"), random.pick(["p", "o"])] }),
    ],
    [
      2,
      () => ({
        sem_ver: [
          attribute("version"),
          random.pick(["=", "!=", "<", "<=", ">", ">=", "^", "~"]),
          random.pick(["1.2.0", "v1.2.0", "1.2", "1"]),
        ],
      }),
    ],
    [1, () => ({ "!": [condition(random, depth + 1)] })],
    [1, () => ({ "==": [attribute("targetingKey"), random.pick(["ada", "7"])] })],
    [
      depth > 1 ? 0 : 2,
      () => ({ [random.pick(["and", "or"])]: random.list(1, 2, () => condition(random, depth + 1)) }),
    ],
  );
}

function targeting(random: Random, depth = 0): unknown {
  const leaf = () => random.pick<unknown>(["true", "false", "other", null]);
  if (depth > 2 || random.chance(0.3)) return depth === 0 ? condition(random) : leaf();
  return {
    if: [
      condition(random),
      targeting(random, depth + 1),
      ...(random.chance(0.8) ? [targeting(random, depth + 1)] : []),
    ],
  };
}

function flags(random: Random): { [key: string]: Json } {
  return Object.fromEntries(
    Array.from({ length: FLAGS }, (_, index) => [
      `flag-${index}`,
      {
        state: random.chance(0.95) ? "ENABLED" : "DISABLED",
        variants: { true: "yes", false: "no", other: "other" },
        defaultVariant: random.pick(["true", "false", "other"]),
        targeting: targeting(random),
      },
    ]),
  );
}

function context(random: Random, isWild: boolean): Json {
  const any = () => random.pick<unknown>(["7", "", "v1.2.0", 7, 1.2, true, ["pro"], [], null]);
  const maybe = (name: string, make: () => unknown): Json =>
    random.chance(0.7) ? { [name]: isWild ? any() : make() } : {};
  return {
    ...(random.chance(0.8) ? { targetingKey: random.pick(["ada", "7"]) } : {}),
    ...maybe("plan", () => random.pick(["pro", "free", "7"])),
    ...maybe("age", () => random.pick([-1, 0, 7, 17, 18])),
    ...maybe("version", () => random.pick(["1.2.0", "1.10.0", "0.9.1", "1.2.0-beta.1", "2.0.0", "none"])),
  };
}

test.each(Array.from({ length: ROUNDS }, (_, i) => SEED + i))(
  "imported flags serve what flagd serves: seed %d",
  { timeout: 120_000 },
  (seed) => {
    const random = createRandom(seed);
    const made = flags(random);
    const imported = importExport("flagd", { flags: made });
    const core = new FlagdCore(undefined, SILENT);
    core.setConfigurations(JSON.stringify({ flags: made }));
    let compared = 0;
    for (const key of Object.keys(made).filter((one) => imported.has(one))) {
      for (let nth = 0; nth < CONTEXTS; nth += 1) {
        const isWild = nth % 4 === 3;
        const given = context(random, isWild);
        const { value } = core.resolveStringEvaluation(key, "", given as never, SILENT);
        compared += 1;
        if (isWild && imported.differs(key)) continue;
        const about = `${JSON.stringify(made[key])} in ${JSON.stringify(given)}`;
        expect(imported.value(key, given as Context) ?? "", `${key}: ${about}`).toEqual(value);
      }
    }
    // Most flags can be brought.
    expect(compared).toBeGreaterThan((FLAGS * CONTEXTS) / 2);
  },
);
