// Random features, as GrowthBook's own SDK evaluates them and as their import does.
import { GrowthBook } from "@growthbook/growthbook";
import { expect, test } from "vitest";
import type { Context } from "../../../sdk/js/src/types.js";
import type { Random } from "../../../sdk/js/test/support/random.js";
import { createRandom } from "../../../sdk/js/test/support/random.js";
import { importExport } from "./support/imported.js";

const ROUNDS = Number(process.env.DIFFERENTIAL_ROUNDS ?? 4);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 1);
const FEATURES = 400;
const CONTEXTS = 24;

type Json = { readonly [name: string]: unknown };

const SAVED_GROUPS = { staff: ["ada", 7, "grace"], plans: ["pro", null], empty: [] };

const TEXTS = ["ada", "7", "pro", "free", "null", "", "true"];
const NUMBERS = [-1, 0, 1, 7, 18, 2.5];

/** A condition on one attribute whose operands are of its type. */
function comparison(random: Random): Json {
  const text = () => random.pick(TEXTS);
  const number = () => random.pick(NUMBERS);
  const order = () => random.pick(["$lt", "$lte", "$gt", "$gte"]);
  return random.either<Json>(
    [2, () => ({ id: random.pick<unknown>(["ada", 7, "7"]) })],
    [
      2,
      () => ({
        id: {
          [random.pick(["$in", "$nin"])]: [
            7,
            random.pick(["ada", ""]),
            ...(random.chance(0.2) ? [null] : []),
          ],
        },
      }),
    ],
    [1, () => ({ id: { [random.pick(["$eq", "$ne"])]: random.pick<unknown>(["ada", 7]) } })],
    [1, () => ({ id: { [random.pick(["$inGroup", "$notInGroup"])]: random.pick(["staff", "empty"]) } })],
    [2, () => ({ plan: text() })],
    [
      1,
      () => ({
        plan: { [random.pick(["$in", "$nin", "$ini", "$nini"])]: [text(), random.pick([null, "PRO"])] },
      }),
    ],
    [1, () => ({ plan: { [random.pick(["$in", "$nin"])]: "pro" } })],
    [1, () => ({ plan: { [random.pick(["$eq", "$ne"])]: random.pick([text(), null]) } })],
    [1, () => ({ plan: { $inGroup: "plans" } })],
    [1, () => ({ plan: { $regex: random.pick(["^p", "ro$"]) } })],
    [1, () => ({ plan: { $exists: random.chance(0.5) } })],
    [2, () => ({ age: number() })],
    [3, () => ({ age: { [order()]: number() } })],
    [1, () => ({ age: { $not: { [order()]: number() } } })],
    [1, () => ({ age: { [random.pick(["$in", "$nin"])]: [number(), number()] } })],
    [1, () => ({ beta: random.chance(0.5) })],
    [1, () => ({ "company.size": { [order()]: number() } })],
    [1, () => ({ tags: { $all: random.pick([[], ["a"], ["a", "b"]]) } })],
    [1, () => ({ tags: { $elemMatch: { $eq: random.pick(["a", "b"]) } } })],
    [1, () => ({ scores: { $elemMatch: { [order()]: number() } } })],
    [1, () => ({ version: { [random.pick(["$vgt", "$vlt", "$veq", "$vne", "$vlte"])]: "1.2.0" } })],
  );
}

function condition(random: Random, depth = 0): Json {
  if (depth > 1 || random.chance(0.6)) return comparison(random);
  const parts = random.list(1, 2, () => condition(random, depth + 1));
  const operator = random.pick(["$and", "$or", "$nor", "$not"]);
  return { [operator]: operator === "$not" ? parts[0] : parts };
}

function rule(random: Random, before: readonly string[]): Json {
  const conditions = random.chance(0.8) ? { condition: condition(random) } : {};
  const parent =
    before.length > 0 && random.chance(0.2)
      ? {
          parentConditions: [
            {
              id: random.pick(before),
              condition: {
                value: random.pick<unknown>(["a", "b", { $exists: true }, { $ne: "a" }, { $in: ["b"] }]),
              },
            },
          ],
        }
      : {};
  const force = () => ({ force: random.pick(["a", "b", "c"]) });
  const experiment = () =>
    random.either<Json>(
      [1, () => ({ variations: ["b"] })],
      [1, () => ({ variations: ["a", "b"], weights: [0, 1], key: "exp" })],
      [
        1,
        () => ({
          variations: ["a", "b"],
          weights: [0, 1],
          meta: [{ key: "0" }, { key: "1", passthrough: true }],
        }),
      ],
    );
  return { ...conditions, ...parent, ...(random.chance(0.8) ? force() : experiment()) };
}

function features(random: Random): { [key: string]: Json } {
  const made: { [key: string]: Json } = {};
  for (let index = 0; index < FEATURES; index += 1) {
    const before = Object.keys(made).slice(-20);
    const gate =
      before.length > 0 && random.chance(0.1)
        ? [{ parentConditions: [{ id: random.pick(before), condition: { value: "a" }, gate: true }] }]
        : [];
    made[`feature-${index}`] = {
      defaultValue: random.pick(["a", "b", "c"]),
      rules: [...gate, ...random.list(1, 3, () => rule(random, before))],
    };
  }
  return made;
}

/** Attributes of the types that an application would give, each of which may be missing. */
function attributes(random: Random): Json {
  const maybe = (name: string, make: () => unknown): Json => (random.chance(0.7) ? { [name]: make() } : {});
  return {
    // An application whose ids are numbers gives them as text here, which the report says.
    ...maybe("id", () => random.pick<unknown>(["ada", "bob", 7])),
    ...maybe("plan", () => random.pick(TEXTS)),
    ...maybe("age", () => random.pick(NUMBERS)),
    ...maybe("beta", () => random.chance(0.5)),
    ...maybe("tags", () => random.list(0, 2, () => random.pick(["a", "b"]))),
    ...maybe("scores", () => random.list(0, 2, () => random.pick(NUMBERS))),
    ...maybe("company", () => ({ size: random.pick(NUMBERS) })),
    ...maybe("version", () => random.pick(["1.2.0", "1.10.0", "0.9.1"])),
  };
}

/** Attributes of any type. */
function wild(random: Random): Json {
  const value = () =>
    random.pick<unknown>(["7", "abc", "", 0, 7, true, false, ["a"], ["pro"], [], { a: 1 }, null]);
  const named = (name: string): Json => (random.chance(0.6) ? { [name]: value() } : {});
  const names = ["plan", "age", "beta", "tags", "scores", "company", "version"];
  return Object.assign({ id: random.pick(["ada", "7", ""]) }, ...names.map(named)) as Json;
}

const context = ({ id, ...others }: Json): Context =>
  ({ ...others, ...(id === undefined ? {} : { targetingKey: String(id) }) }) as Context;

test.each(Array.from({ length: ROUNDS }, (_, i) => SEED + i))(
  "imported features serve what GrowthBook serves: seed %d",
  { timeout: 120_000 },
  (seed) => {
    const random = createRandom(seed);
    const made = features(random);
    const imported = importExport("growthbook", { features: made, savedGroups: SAVED_GROUPS });
    let compared = 0;
    for (const key of Object.keys(made).filter((one) => imported.has(one))) {
      for (let nth = 0; nth < CONTEXTS; nth += 1) {
        const isWild = nth % 4 === 3;
        const given = isWild ? wild(random) : attributes(random);
        const growthBook = new GrowthBook({
          features: made as never,
          savedGroups: SAVED_GROUPS as never,
          attributes: given as never,
        });
        const theirs = growthBook.evalFeature(key).value;
        const ours = imported.value(key, context(given));
        compared += 1;
        if (isWild && imported.differs(key)) continue;
        expect(ours, `${key}: ${JSON.stringify({ rules: made[key], context: given })}`).toEqual(theirs);
      }
    }
    // Most features can be brought.
    expect(compared).toBeGreaterThan((FEATURES * CONTEXTS) / 2);
  },
);
