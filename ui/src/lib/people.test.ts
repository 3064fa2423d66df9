import { expect, it } from "vitest";
import { hueOf, initials } from "./people";

it.each([
  ["Ada Lovelace", "AL"],
  ["  ada  ", "A"],
  ["Ada King Lovelace", "AL"],
  ["", "?"],
])("the initials of %j are %s", (name, expected) => {
  expect(initials(name)).toBe(expected);
});

it("gives the same hue to the same name", () => {
  expect(hueOf("Ada")).toBe(hueOf("Ada"));
  expect(hueOf("Ada")).not.toBe(hueOf("Adb"));
});
