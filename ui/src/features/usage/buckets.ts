import type { FlagUsage, UsageSeries } from "@/api/types";
import type { DateStyle } from "@/lib/language/format";
import { date, dateRange, percent } from "@/lib/language/format";
import { messages } from "./messages";

/** What was served within one hour or day, of each series. */
export interface Bucket {
  from: Date;
  to: Date;
  total: number;
  /** In the order of the series; zeros too. */
  counts: readonly number[];
}

const LENGTH_MS = { hour: 3_600_000, day: 86_400_000 };

/** The series side by side, as they are drawn. */
export function bucketsOf({
  from,
  resolution,
  series,
}: Pick<FlagUsage, "from" | "resolution" | "series">): Bucket[] {
  const start = Date.parse(from);
  const length = LENGTH_MS[resolution];
  const count = Math.max(0, ...series.map(({ points }) => points.length));
  return Array.from({ length: count }, (_, index) => {
    const counts = series.map(({ points }) => points[index] ?? 0);
    return {
      from: new Date(start + index * length),
      to: new Date(start + (index + 1) * length),
      total: counts.reduce((sum, each) => sum + each, 0),
      counts,
    };
  });
}

const HOUR: DateStyle = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "numeric",
  minute: "2-digit",
};
// Days are counted in UTC, and so must be named by it.
const DAY: DateStyle = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };

/** When a bucket was, for people: hours by their own clock. */
export function nameOf({ from, to }: Bucket, resolution: FlagUsage["resolution"]): string {
  return resolution === "hour" ? dateRange(from, to, HOUR) : messages.utc(date(from, DAY));
}

/** What part of a whole a count is: "12%", "< 1%". */
export function share(count: number, whole: number): string {
  const part = whole === 0 ? 0 : count / whole;
  return part > 0 && part < 0.01 ? messages.lessThan(percent(0.01)) : percent(part);
}

/** What a series is of, for people. */
export function seriesKey({ key }: Pick<UsageSeries, "key">): string {
  return key ?? "none";
}
