import { describe, expect, it } from "vitest";
import type { Condition, TargetingConfig } from "@/api/types";
import { conditionWords, listed, namesOf, outcomes, serveWords, variationWords } from "./wording";

describe("conditionWords", () => {
  const cases: [Condition, string][] = [
    [{ all: [] }, "everyone"],
    [{ any: [] }, "no one"],
    [{ attribute: "country", op: "in", values: ["SE", "NO"] }, "country is one of SE or NO"],
    [{ attribute: "plan", op: "in", values: ["pro"], negate: true }, "plan is not one of pro"],
    [{ attribute: "email", op: "exists" }, "email is set"],
    [
      { attribute: "email", op: "endsWith", values: ["@x.io"], ignoreCase: true },
      "email ends with @x.io (ignoring case)",
    ],
    [{ not: { segment: "beta" } }, "not in segment beta"],
    [{ flag: "payments", variations: ["on", "test"] }, "payments serves on or test"],
    [{ bucket: { by: "targetingKey", from: 0, below: 25_000 } }, "25% by targetingKey"],
    [{ bucket: { by: "org", seed: "s", from: 10_000, below: 30_000 } }, "20% by org (from 10% to 30%)"],
    [
      { all: [{ segment: "beta" }, { any: [{ segment: "a" }, { segment: "b" }] }] },
      "in segment beta and (in segment a or in segment b)",
    ],
    [{ not: { all: [{ segment: "a" }, { segment: "b" }] } }, "not (in segment a and in segment b)"],
  ];
  it.each(cases)("%j", (condition, words) => {
    expect(conditionWords(condition)).toBe(words);
  });
});

it("shortens long lists", () => {
  expect(listed(["a", "b", "c", "d", "e"])).toBe("a, b, c, d, or e");
  expect(listed(["a", "b", "c", "d", "e", "f", "g"])).toBe("a, b, c, d, or 3 more");
});

describe("outcomes", () => {
  const config: TargetingConfig = {
    enabled: true,
    offVariation: "off",
    prerequisites: [{ flag: "pay", variations: ["on"] }],
    targets: [{ variation: "on", attribute: "targetingKey", values: ["u1"] }],
    rules: [{ id: "r", when: { segment: "beta" }, serve: { variation: "on" } }],
    fallthrough: { variation: "off" },
  };
  it("are those of the whole ladder while the flag is on", () => {
    expect(outcomes(config).map(({ who, gets }) => `${who}: ${gets}`)).toEqual([
      "If pay doesn’t serve on: off",
      "1 key: on",
      "in segment beta: on",
      "Everyone else: off",
    ]);
  });
  it("are the off variation alone while it is off", () => {
    expect(outcomes({ ...config, enabled: false, offVariation: null })).toEqual([
      { who: "Everyone", gets: "code default" },
    ]);
  });
});

it("tells what is served", () => {
  const name = namesOf([{ key: "on", value: true, name: "Express" }]);
  expect(serveWords({ variation: "on" }, name)).toBe("Express");
  expect(
    serveWords(
      {
        split: {
          by: "org",
          weights: [
            ["on", 10_000],
            ["off", 90_000],
            ["x", 0],
          ],
        },
      },
      name,
    ),
  ).toBe("10% Express, 90% off by org");
  expect(variationWords(null)).toBe("code default");
});
