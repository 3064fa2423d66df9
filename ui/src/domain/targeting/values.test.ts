import { describe, expect, it } from "vitest";
import { fromLocalInput, keepValues, splitPasted, toLocalInput, toValue, valueProblem } from "./values";

describe("splitPasted", () => {
  it("takes a value a line, commas and all", () => {
    expect(splitPasted("a,b\r\n c \n\nc")).toEqual(["a,b", "c"]);
  });
  it("takes commas within one line", () => {
    expect(splitPasted(" SE, NO,,SE ")).toEqual(["SE", "NO"]);
  });
});

describe("valueProblem", () => {
  it.each([
    ["number", "1.5"],
    ["number", "-3"],
    ["time", "2026-01-02T03:04:05Z"],
    ["time", "1767322800000"],
    ["semver", "1"],
    ["semver", "1.2"],
    ["semver", "1.2.3-beta.1+5"],
    ["cidr", "10.0.0.0/8"],
    ["cidr", "2001:db8::/32"],
    ["cidr", "192.168.1.1"],
    ["regex", "^a.*b$"],
    ["regex", "(?i)shop"],
    ["text", ""],
  ] as const)("a %s may be %j", (kind, text) => {
    expect(valueProblem(kind, text)).toBeUndefined();
  });
  it.each([
    ["number", ""],
    ["number", "ten"],
    ["time", "soon"],
    ["semver", "1.x"],
    ["cidr", "10.0.0.0/33"],
    ["cidr", "10.0.0.256"],
    ["cidr", "example.com"],
    ["cidr", "10.0.0.0/8/8"],
    ["regex", "("],
  ] as const)("a %s may not be %j", (kind, text) => {
    expect(valueProblem(kind, text)).toBeTypeOf("string");
  });
});

describe("toValue", () => {
  it("keeps types strict", () => {
    expect(toValue("any", "1")).toBe("1");
    expect(toValue("any", "1", "number")).toBe(1);
    expect(toValue("any", "true", "boolean")).toBe(true);
    expect(toValue("number", "1")).toBe(1);
    expect(toValue("time", "17")).toBe(17);
  });
});

it("keeps those values that another operator can use", () => {
  expect(keepValues(["1", "x", 2, true], "number")).toEqual([1, 2]);
  expect(keepValues([1, "x"], "text")).toEqual(["1", "x"]);
  expect(keepValues(["x"], "none")).toEqual([]);
});

it("brings a time to the browser’s input and back", () => {
  const iso = "2026-05-06T07:08:00Z";
  expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
  expect(fromLocalInput("")).toBeUndefined();
  expect(toLocalInput("soon")).toBe("");
});
