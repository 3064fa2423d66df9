import type { FlagUsage, UsageSeries } from "@/api/types";

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

const hour = new Intl.DateTimeFormat("en", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
// Days are counted in UTC, and so must be named by it.
const day = new Intl.DateTimeFormat("en", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

/** When a bucket was, for people: hours by their own clock. */
export function nameOf({ from, to }: Bucket, resolution: FlagUsage["resolution"]): string {
  return resolution === "hour" ? `${hour.format(from)}–${clock.format(to)}` : `${day.format(from)} (UTC)`;
}

/** Where a count stands in its whole: "12 %", "< 1 %". */
export function share(count: number, whole: number): string {
  if (whole === 0 || count === 0) return "0 %";
  const percent = (count / whole) * 100;
  return percent < 1 ? "< 1 %" : `${Math.round(percent)} %`;
}

/** What a series is of, for people. */
export function seriesKey({ key }: Pick<UsageSeries, "key">): string {
  return key ?? "none";
}
