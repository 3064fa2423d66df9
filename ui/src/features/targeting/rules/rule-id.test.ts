import { expect, it } from "vitest";
import type { Rule } from "@/api/types";
import { nextRuleId } from "./rule-id";

const rule = (id: string): Rule => ({ id, when: { all: [] }, serve: { variation: "on" } });

it("finds a name that is free", () => {
  expect(nextRuleId([])).toBe("rule-1");
  expect(nextRuleId([rule("rule-1"), rule("x")])).toBe("rule-3");
  expect(nextRuleId([rule("rule-2")])).toBe("rule-3");
});
