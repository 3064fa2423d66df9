// Random features, as Unleash's own SDK evaluates them and as their import does.
import { expect, test } from "vitest";
import type { Context } from "../../../sdk/js/src/types.js";
import type { Random } from "../../../sdk/js/test/support/random.js";
import { createRandom } from "../../../sdk/js/test/support/random.js";
import { importExport } from "./support/imported.js";
import { UnleashOracle } from "./support/unleash.js";

const ROUNDS = Number(process.env.DIFFERENTIAL_ROUNDS ?? 4);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 1);
const FEATURES = 400;
const CONTEXTS = 24;

type Json = { readonly [name: string]: unknown };

const SEGMENTS = [
  { id: 1, constraints: [{ contextName: "country", operator: "IN", values: ["SE", "NO"] }] },
  { id: 2, constraints: [{ contextName: "age", operator: "NUM_GTE", value: "18" }] },
];

const TEXTS = ["SE", "NO", "", " SE ", "7", "true", "seven"];
const VERSIONS = ["1.0.0", "1.2.0", "2", "v1.2.0", "1.2.0-beta.1", "none"];

function constraint(random: Random): Json {
  const values = () => random.list(0, 3, () => random.pick(TEXTS));
  const made = random.either<Json>(
    [3, () => ({ contextName: "country", operator: random.pick(["IN", "NOT_IN"]), values: values() })],
    [1, () => ({ contextName: "userId", operator: random.pick(["IN", "NOT_IN"]), values: ["ada", "7"] })],
    // Exports have both members, of which an operator reads one.
    [1, () => ({ contextName: "country", operator: "IN", values: ["SE"], value: "NO" })],
    [
      2,
      () => ({
        contextName: "country",
        operator: random.pick(["STR_STARTS_WITH", "STR_ENDS_WITH", "STR_CONTAINS"]),
        values: values(),
        caseInsensitive: random.chance(0.3),
      }),
    ],
    [1, () => ({ contextName: "country", operator: "IN", values: ["se"], caseInsensitive: true })],
    [
      2,
      () => ({
        contextName: random.pick(["age", "age", "userId"]),
        operator: random.pick(["NUM_EQ", "NUM_LT", "NUM_LTE", "NUM_GT", "NUM_GTE"]),
        value: random.pick(["0", "7", "18", "18.0", "2.5"]),
        values: ["99"],
      }),
    ],
    [
      2,
      () => ({
        contextName: "version",
        operator: random.pick(["SEMVER_EQ", "SEMVER_LT", "SEMVER_LTE", "SEMVER_GT", "SEMVER_GTE"]),
        value: random.pick(VERSIONS),
      }),
    ],
    [1, () => ({ contextName: "country", operator: "REGEX", value: random.pick(["^S", "[A-Z]{2}$"]) })],
    [1, () => ({ contextName: "beta", operator: "IN", values: [random.pick(["true", "false"])] })],
  );
  return random.chance(0.25) ? { ...made, inverted: true } : made;
}

function strategy(random: Random): Json {
  const constraints = random.list(0, 2, () => constraint(random));
  const segments = random.chance(0.2) ? { segments: [random.pick([1, 2])] } : {};
  const own = random.either<Json>(
    [2, () => ({ name: "default" })],
    [1, () => ({ name: "userWithId", parameters: { userIds: "ada, 7" } })],
    [
      2,
      () => ({
        name: "flexibleRollout",
        parameters: {
          rollout: random.pick(["0", "100"]),
          stickiness: random.pick(["default", "random", "country"]),
          groupId: "g",
        },
      }),
    ],
    [1, () => ({ name: "gradualRolloutUserId", parameters: { percentage: "100", groupId: "g" } })],
  );
  return { parameters: {}, ...own, constraints, ...segments };
}

function variants(random: Random): Json[] {
  const payload = (value: string) => ({ payload: { type: "string", value } });
  return random.either<Json[]>(
    [1, () => [{ name: "one", weight: 1000, ...payload("1") }]],
    [
      1,
      () => [
        { name: "none", weight: 0, ...payload("none") },
        {
          name: "all",
          weight: 1000,
          ...payload("all"),
          overrides: [{ contextName: "country", values: ["SE", "7"] }],
        },
      ],
    ],
  );
}

function features(random: Random): Json[] {
  return Array.from({ length: FEATURES }, (_, index) => ({
    // Some are called as the variants of others would be.
    name: index % 10 === 1 ? `feature-${index - 1}-variant` : `feature-${index}`,
    enabled: random.chance(0.9),
    strategies: random.list(0, 3, () => strategy(random)),
    variants: random.chance(0.4) ? variants(random) : [],
    ...(index % 10 > 4 && random.chance(0.3)
      ? { dependencies: [{ feature: `feature-${index - 4}`, enabled: random.chance(0.7) }] }
      : {}),
  }));
}

/** A context as an application would give it, in which anything may be missing. */
function context(random: Random, isWild: boolean): Json {
  const maybe = (name: string, make: () => unknown): Json => (random.chance(0.7) ? { [name]: make() } : {});
  const any = () => random.pick<unknown>(["7", "", "x", 7, 0, true, false, "1.2"]);
  return {
    ...maybe("userId", () => random.pick(["ada", "bob", "7"])),
    ...maybe("country", () => (isWild ? any() : random.pick(["SE", "NO", "se", "7", "DK"]))),
    ...maybe("age", () => (isWild ? any() : random.pick([0, 7, 17, 18, 2.5]))),
    ...maybe("version", () => (isWild ? any() : random.pick(VERSIONS))),
    ...maybe("beta", () => (isWild ? any() : random.pick<unknown>([true, "true", false]))),
  };
}

const ours = ({ userId, ...others }: Json): Context =>
  ({ ...others, ...(userId === undefined ? {} : { targetingKey: userId }) }) as Context;

test.each(Array.from({ length: ROUNDS }, (_, i) => SEED + i))(
  "imported features are on where Unleash turns them on, and serve its variants: seed %d",
  { timeout: 120_000 },
  (seed) => {
    const random = createRandom(seed);
    const made = features(random);
    const exported = { version: 2, features: made, segments: SEGMENTS };
    const imported = importExport("unleash", exported);
    const oracle = new UnleashOracle(made, SEGMENTS);
    let compared = 0;
    for (const feature of made) {
      const name = feature.name as string;
      if (!imported.has(name)) continue;
      const taken = made.some((other) => other.name === `${name}-variant`);
      const twin = taken ? `${name}-variant-2` : `${name}-variant`;
      for (let nth = 0; nth < CONTEXTS; nth += 1) {
        const isWild = nth % 4 === 3;
        const given = context(random, isWild);
        compared += 1;
        if (isWild && imported.differs(name)) continue;
        const about = `${JSON.stringify(feature)} in ${JSON.stringify(given)}`;
        expect(imported.value(name, ours(given)), `${name}: ${about}`).toEqual(oracle.isEnabled(name, given));
        const variant = oracle.variant(name, given);
        if ((feature.variants as Json[]).length > 0 && imported.has(twin)) {
          expect(imported.value(twin, ours(given)), `${twin}: ${about}`).toEqual(variant);
        }
      }
    }
    // Most features can be brought.
    expect(compared).toBeGreaterThan((FEATURES * CONTEXTS) / 2);
  },
);
