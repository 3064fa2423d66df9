import { expect, it } from "vitest";
import { parseContext } from "./contexts";

it("takes objects only, and says what is wrong with others", () => {
  expect(parseContext('{"targetingKey":"u"}')).toEqual({ context: { targetingKey: "u" } });
  expect(parseContext("[]")).toHaveProperty("problem");
  expect(parseContext("{")).toHaveProperty("problem");
});
