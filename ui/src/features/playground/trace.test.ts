import { expect, it } from "vitest";
import type { TraceStep } from "@/api/types";
import { reasonWords, stepName, stepReason } from "./trace";

const step: TraceStep = { kind: "rule", pointer: "/rules/1", matched: true, because: "it holds", steps: [] };

it("names steps by their place or key", () => {
  expect(stepName(step)).toBe("Rule 2");
  expect(stepName({ ...step, kind: "segment", pointer: "/when", key: "beta" })).toBe("Segment beta");
  expect(stepName({ ...step, kind: "clause", pointer: "/rules/0/when" })).toBeUndefined();
});

it("says why in words", () => {
  expect(reasonWords({ reason: "DISABLED" })).toBe("the flag is off");
  expect(reasonWords({ reason: "TARGETING_MATCH", ruleIndex: 0, ruleId: "nordics" })).toBe(
    "rule 1 (nordics) matched",
  );
  expect(reasonWords({ reason: "PREREQUISITE_FAILED", prerequisite: "pay" })).toBe(
    "prerequisite pay is not met",
  );
  expect(reasonWords({ reason: "ERROR", errorDetails: "no such flag" })).toBe("no such flag");
});

it("says where somebody falls in a split as a percentage", () => {
  const because = "targetingKey falls at 60.001%, outside 0% to 10.5%";
  expect(stepReason({ ...step, kind: "bucket", because })).toBe(because);
  const quoted = 'plan is "5%": in ["5%"] holds';
  expect(stepReason({ ...step, because: quoted })).toBe('plan is "5%": is one of ["5%"] holds');
});

it("puts operators into words", () => {
  const because = 'country is "SE": in ["SE", "in [x]"] holds';
  expect(stepReason({ ...step, because })).toBe('country is "SE": is one of ["SE", "in [x]"] holds');
  expect(stepReason({ ...step, because: "ip is missing, so inCidr [] does not hold" })).toBe(
    "ip is missing, so is in the network [] does not hold",
  );
  expect(stepReason({ ...step, because: 'rule nordics: serves "fjord"' })).toBe('serves "fjord"');
});
