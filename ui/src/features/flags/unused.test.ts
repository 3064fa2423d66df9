import { expect, test } from "vitest";
import type { Flag } from "@/api/types";
import { unusedFor } from "./unused";

const NOW = Date.parse("2026-11-23T12:00:00Z");

function flag(...times: (string | null)[]): Pick<Flag, "archivedAt" | "environments"> {
  const environments = times.map((lastEvaluatedAt, index) => [
    `environment-${index}`,
    {
      enabled: true,
      version: 1,
      ruleCount: 0,
      targetCount: 0,
      updatedAt: "2026-01-01T00:00:00Z",
      lastEvaluatedAt,
    },
  ]);
  return { archivedAt: null, environments: Object.fromEntries(environments) };
}

test("a flag is unused once it was evaluated nowhere for a month", () => {
  expect(unusedFor(flag("2026-09-01T00:00:00Z", "2026-10-14T12:00:00Z", null), NOW)).toBe(40);
  expect(unusedFor(flag("2026-09-01T00:00:00Z", "2026-11-01T00:00:00Z"), NOW)).toBeNull();
});

test("nothing is said of a flag of which nobody told, nor of an archived one", () => {
  expect(unusedFor(flag(null, null), NOW)).toBeNull();
  const archived = { ...flag("2026-09-01T00:00:00Z"), archivedAt: "2026-10-01T00:00:00Z" };
  expect(unusedFor(archived, NOW)).toBeNull();
});
