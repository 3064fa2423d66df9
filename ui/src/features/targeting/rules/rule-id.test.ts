import { expect, it } from "vitest";
import type { Rule } from "@/api/types";
import { copyOfRule, newRule, newRuleId } from "./rule-id";

const rule = (id: string): Rule => ({ id, when: { all: [] }, serve: { variation: "on" } });

it("gives two people who add the first rule at once two names", () => {
  expect(newRule([], "on").id).toMatch(/^rule-[a-z0-9]{4}$/);
  expect(newRule([], "on").id).not.toBe(newRule([], "on").id);
});

it("finds a name that no other rule has", () => {
  const words = ["aaaa", "aaaa", "bbbb"];
  expect(newRuleId([rule("rule-aaaa")], "rule", () => words.shift() ?? "")).toBe("rule-bbbb");
});

it("names a copy after its original only where a person named that", () => {
  expect(copyOfRule([], rule("nordics")).id).toMatch(/^nordics-[a-z0-9]{4}$/);
  expect(copyOfRule([], rule("rule-k3f9")).id).toMatch(/^rule-[a-z0-9]{4}$/);
});
