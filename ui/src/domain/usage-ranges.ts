import type { UsagePeriod } from "@/api/usage";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Range extends UsagePeriod {
  label: string;
}

/** How far back usage is shown. */
export const RANGES = {
  "24h": { label: "24 hours", length: DAY_MS, resolution: "hour" },
  "7d": { label: "7 days", length: 7 * DAY_MS, resolution: "hour" },
  "30d": { label: "30 days", length: 30 * DAY_MS, resolution: "day" },
  "90d": { label: "90 days", length: 90 * DAY_MS, resolution: "day" },
} as const satisfies Record<string, Range>;

export type RangeName = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as RangeName[];
