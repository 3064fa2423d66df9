import type { DateStyle } from "./language/format";
import { date, relative } from "./language/format";
import { messages } from "./messages";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const FULL: DateStyle = { dateStyle: "medium", timeStyle: "medium" };

/** "5 min. ago", "in 2 days"; within a minute "just now". */
export function timeAgo(iso: string, now: number = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? relative(Math.round(seconds / step[1]), step[0]) : messages.justNow;
}

/** The moment to the second, in the reader's time zone. */
export function fullTime(iso: string): string {
  return date(new Date(iso), FULL);
}
