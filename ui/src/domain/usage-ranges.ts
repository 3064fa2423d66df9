import type { UsagePeriod } from "@/api/usage";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back usage is shown. */
export const RANGES = {
  "24h": { length: DAY_MS, resolution: "hour" },
  "7d": { length: 7 * DAY_MS, resolution: "hour" },
  "30d": { length: 30 * DAY_MS, resolution: "day" },
  "90d": { length: 90 * DAY_MS, resolution: "day" },
} as const satisfies Record<string, UsagePeriod>;

export type RangeName = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as RangeName[];
