import { describe, expect, it } from "vitest";
import { keyProblem, slug, subjectKeyProblem } from "./slug";

describe("slug", () => {
  it.each([
    ["New checkout", "new-checkout"],
    ["New checkout (v2)", "new-checkout-v2"],
    ["  Überraschung à la carte ", "uberraschung-a-la-carte"],
    ["Anna's flag", "annas-flag"],
    ["--- 1.5x prices! ---", "1.5x-prices"],
    ["日本", ""],
  ])("turns %j into %j", (name, key) => {
    expect(slug(name)).toBe(key);
  });

  it("never ends in a separator where it cuts a long name", () => {
    expect(slug(`${"a".repeat(99)} b`)).toBe("a".repeat(99));
  });

  it("gives keys that are accepted", () => {
    expect(keyProblem(slug("Some _odd_ Name…"))).toBeUndefined();
  });
});

describe("keyProblem", () => {
  it("says what is wrong", () => {
    expect(keyProblem("")).toMatch(/Enter a key/);
    expect(keyProblem("-a")).toMatch(/start with/);
    expect(keyProblem("aB")).toMatch(/lowercase letters/);
    expect(keyProblem("a".repeat(101))).toMatch(/at most 100/);
    expect(keyProblem("a.b_c-1")).toBeUndefined();
  });
});

describe("subjectKeyProblem", () => {
  it("takes what other systems call their flags", () => {
    for (const key of ["newCheckout", "SAMPLE", "_internal", "team:checkout|v2~x", "K".repeat(256)])
      expect(subjectKeyProblem(key)).toBeUndefined();
  });

  it("says what is wrong", () => {
    expect(subjectKeyProblem("")).toMatch(/Enter a key/);
    expect(subjectKeyProblem("~a")).toMatch(/start with/);
    expect(subjectKeyProblem("a b")).toMatch(/only contain/);
    expect(subjectKeyProblem("a/b")).toMatch(/only contain/);
    expect(subjectKeyProblem("a".repeat(257))).toMatch(/at most 256/);
  });
});
