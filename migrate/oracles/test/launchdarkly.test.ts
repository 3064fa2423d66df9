// Random flags, as LaunchDarkly's own SDK evaluates them and as their import does.
import { expect, test } from "vitest";
import type { Context } from "../../../sdk/js/src/types.js";
import type { Random } from "../../../sdk/js/test/support/random.js";
import { createRandom } from "../../../sdk/js/test/support/random.js";
import { importExport } from "./support/imported.js";
import { launchDarkly } from "./support/launchdarkly.js";

const ROUNDS = Number(process.env.DIFFERENTIAL_ROUNDS ?? 4);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 1);
const FLAGS = 400;
const CONTEXTS = 24;

type Json = { readonly [name: string]: unknown };

const ORDERED = ["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"];

function clause(random: Random): Json {
  const made = random.either<Json>(
    [2, () => ({ attribute: "key", op: "in", values: ["ada", "bob"] })],
    [
      2,
      () => ({
        attribute: "country",
        op: "in",
        values: random.list(1, 2, () => random.pick(["SE", "NO", "7", 7])),
      }),
    ],
    [
      2,
      () => ({
        attribute: "country",
        op: random.pick(["startsWith", "endsWith", "contains"]),
        values: ["S", "O"],
      }),
    ],
    [1, () => ({ attribute: "country", op: "matches", values: [random.pick(["^S", "E$"])] })],
    [2, () => ({ attribute: "age", op: random.pick(ORDERED), values: [random.pick([0, 7, 18])] })],
    [1, () => ({ attribute: "age", op: "in", values: [7, 18] })],
    [2, () => ({ attribute: "anonymous", op: "in", values: [random.chance(0.5)] })],
    [1, () => ({ attribute: "tags", op: "in", values: ["a"] })],
    [
      1,
      () => ({
        attribute: "version",
        op: random.pick(["semVerEqual", "semVerLessThan", "semVerGreaterThan"]),
        values: ["1.2.0"],
      }),
    ],
    [1, () => ({ attribute: "at", op: random.pick(["before", "after"]), values: ["2026-01-01T00:00:00Z"] })],
    [1, () => ({ contextKind: "organization", attribute: "plan", op: "in", values: ["pro"] })],
    [
      1,
      () => ({ contextKind: "organization", attribute: "anonymous", op: "in", values: [random.chance(0.5)] }),
    ],
    [1, () => ({ attribute: "kind", op: "in", values: ["organization"] })],
  );
  return { ...made, negate: random.chance(0.25) };
}

function flags(random: Random): { [key: string]: Json } {
  const made: { [key: string]: Json } = {};
  for (let index = 0; index < FLAGS; index += 1) {
    const before = Object.keys(made).slice(-20);
    const serve = (): Json => ({ variation: random.below(3) });
    made[`flag-${index}`] = {
      on: random.chance(0.9),
      variations: ["a", "b", "c"],
      ...(random.chance(0.8) ? { offVariation: random.below(3) } : {}),
      fallthrough: serve(),
      prerequisites:
        before.length > 0 && random.chance(0.2)
          ? [{ key: random.pick(before), variation: random.below(3) }]
          : [],
      targets: random.chance(0.2) ? [{ values: ["ada"], variation: random.below(3) }] : [],
      rules: random.list(0, 3, (nth) => ({
        id: `rule-${nth}`,
        clauses: random.list(1, 2, () => clause(random)),
        ...serve(),
      })),
    };
  }
  return made;
}

/** A context of the kind `user`, maybe with an organization, in which anything but the key may be missing. */
function attributes(random: Random, isWild: boolean): Json {
  const any = () => random.pick<unknown>(["7", "", 7, 0, true, ["SE"], ["x", 7], [], null, "1.2"]);
  const maybe = (name: string, make: () => unknown): Json =>
    random.chance(0.7) ? { [name]: isWild ? any() : make() } : {};
  return {
    key: random.pick(["ada", "bob", "eve"]),
    ...(random.chance(0.5) ? { anonymous: random.chance(0.5) } : {}),
    ...maybe("country", () => random.pick(["SE", "NO", "DK"])),
    ...maybe("age", () => random.pick([0, 7, 17, 18])),
    ...maybe("tags", () => random.list(0, 2, () => random.pick(["a", "b"]))),
    ...maybe("version", () => random.pick(["1.2.0", "1.10.0", "0.9.1"])),
    ...maybe("at", () => random.pick(["2025-06-01T00:00:00Z", "2027-06-01T00:00:00Z"])),
  };
}

function organization(random: Random): Json {
  return {
    key: "o1",
    ...(random.chance(0.5) ? { plan: random.pick(["pro", "free"]) } : {}),
    ...(random.chance(0.3) ? { anonymous: random.chance(0.5) } : {}),
  };
}

test.each(Array.from({ length: ROUNDS }, (_, i) => SEED + i))(
  "imported flags serve what LaunchDarkly serves: seed %d",
  { timeout: 120_000 },
  async (seed) => {
    const random = createRandom(seed);
    const made = flags(random);
    const imported = importExport("launchdarkly", { flags: made });
    const oracle = await launchDarkly(made);
    let compared = 0;
    for (const key of Object.keys(made).filter((one) => imported.has(one))) {
      for (let nth = 0; nth < CONTEXTS; nth += 1) {
        const isWild = nth % 4 === 3;
        const user = attributes(random, isWild);
        const org = random.chance(0.4) ? organization(random) : undefined;
        const theirs = await oracle.value(
          key,
          org ? { kind: "multi", user, organization: org } : { kind: "user", ...user },
        );
        const { key: targetingKey, ...others } = user;
        const ours = { ...others, targetingKey, ...(org ? { organization: org } : {}) } as Context;
        compared += 1;
        if (isWild && imported.differs(key)) continue;
        const about = `${JSON.stringify(made[key])} in ${JSON.stringify(ours)}`;
        expect(imported.value(key, ours), `${key}: ${about}`).toEqual(theirs);
      }
    }
    oracle.close();
    // Most flags can be brought.
    expect(compared).toBeGreaterThan((FLAGS * CONTEXTS) / 2);
  },
);
