import type { Flag } from "@/api/types";

const DAY_MS = 24 * 3_600_000;

/** After so long without an evaluation a flag is perhaps not needed any more. */
const UNUSED_AFTER_DAYS = 30;

/**
 * For how many days no application has evaluated a flag anywhere, where that is worth saying. Of one that nobody ever told
 * of nothing is known: its applications may not tell.
 */
export function unusedFor(flag: Pick<Flag, "archivedAt" | "environments">, now = Date.now()): number | null {
  if (flag.archivedAt) return null;
  const times = Object.values(flag.environments).flatMap(({ lastEvaluatedAt }) =>
    lastEvaluatedAt ? [Date.parse(lastEvaluatedAt)] : [],
  );
  if (times.length === 0) return null;
  const days = Math.floor((now - Math.max(...times)) / DAY_MS);
  return days >= UNUSED_AFTER_DAYS ? days : null;
}
