import { expect, it } from "vitest";
import { defaultPins } from "./pins";

const environments = (...keys: string[]) => keys.map((key) => ({ key, production: key.startsWith("prod") }));

it("pins every environment of a project that has four or fewer", () => {
  expect(defaultPins(environments("dev", "staging", "prod"))).toEqual(["dev", "staging", "prod"]);
  expect(defaultPins(environments("a", "b", "c", "d"))).toEqual(["a", "b", "c", "d"]);
});

it("pins production and the first others of a project that has many", () => {
  expect(defaultPins(environments("dev", "staging", "qa", "uat", "prod", "prod-us", "prod-ap"))).toEqual([
    "dev",
    "staging",
    "prod",
    "prod-us",
  ]);
  expect(defaultPins(environments("dev", "staging", "qa", "uat", "prod"))).toEqual([
    "dev",
    "staging",
    "qa",
    "prod",
  ]);
});
