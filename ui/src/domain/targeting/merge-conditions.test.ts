import { describe, expect, it } from "vitest";
import type { Condition } from "@/api/types";
import { mergeConditions } from "./merge-conditions";

const is = (attribute: string, ...values: string[]): Condition => ({ attribute, op: "in", values });

function merge(base: Condition, mine: Condition, theirs: Condition) {
  const clashes: string[] = [];
  return { merged: mergeConditions(base, mine, theirs, (what) => clashes.push(what)), clashes };
}

describe("merging conditions", () => {
  it("keeps a condition that I added and one that they changed", () => {
    const base = { all: [is("country", "SE"), is("plan", "pro")] };
    const mine = { all: [is("country", "SE"), is("plan", "pro"), { segment: "beta" }] };
    const theirs = { all: [is("plan", "pro", "team"), is("country", "SE")] };
    expect(merge(base, mine, theirs)).toEqual({
      merged: { all: [is("plan", "pro", "team"), { segment: "beta" }, is("country", "SE")] },
      clashes: [],
    });
  });
  it("merges the values of a clause one by one", () => {
    expect(merge(is("country", "SE"), is("country", "SE", "NO"), is("country", "FI"))).toEqual({
      merged: is("country", "FI", "NO"),
      clashes: [],
    });
  });
  it("takes how they combine from whoever changed it", () => {
    const base: Condition = { all: [is("country", "SE")] };
    const mine: Condition = { any: [is("country", "SE")] };
    const theirs: Condition = { all: [is("country", "SE"), is("plan", "pro")] };
    expect(merge(base, mine, theirs).merged).toEqual({ any: [is("country", "SE"), is("plan", "pro")] });
  });
  it("pairs a negated condition with what it negates", () => {
    const base: Condition = { all: [is("country", "SE")] };
    const mine: Condition = { all: [{ not: is("country", "SE") }] };
    const theirs: Condition = { all: [is("country", "SE", "NO")] };
    expect(merge(base, mine, theirs)).toEqual({
      merged: { all: [{ not: is("country", "SE", "NO") }] },
      clashes: [],
    });
  });
  it("goes into groups within groups", () => {
    const base: Condition = { all: [{ any: [is("country", "SE"), is("plan", "pro")] }] };
    const mine: Condition = { all: [{ any: [is("country", "SE"), is("plan", "pro"), is("age", "40")] }] };
    const theirs: Condition = { all: [{ any: [is("country", "SE", "NO"), is("plan", "pro")] }] };
    expect(merge(base, mine, theirs)).toEqual({
      merged: { all: [{ any: [is("country", "SE", "NO"), is("plan", "pro"), is("age", "40")] }] },
      clashes: [],
    });
  });
  it("takes a lone condition for a group of one", () => {
    expect(
      merge(is("country", "SE"), { all: [is("country", "SE"), { segment: "beta" }] }, is("country", "NO"))
        .merged,
    ).toEqual({ all: [is("country", "NO"), { segment: "beta" }] });
  });
  it("keeps mine where both changed the same, and says what they had", () => {
    const age = (op: "gt" | "lt" | "gte"): Condition => ({ attribute: "age", op, values: [18] });
    expect(merge({ all: [age("gt")] }, { all: [age("gte")] }, { all: [age("lt")] })).toEqual({
      merged: { all: [age("gte")] },
      clashes: ["age is less than 18"],
    });
    expect(merge({ segment: "a" }, { segment: "b" }, { segment: "c" })).toEqual({
      merged: { segment: "b" },
      clashes: ["in segment c"],
    });
  });
});
