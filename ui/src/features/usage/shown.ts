import type { Flag } from "@/api/types";
import type { Grouping } from "@/domain/flag-search";
import { variationColor } from "@/lib/variation-color";
import { seriesKey } from "./buckets";
import type { Shown } from "./usage-chart";

/** Evaluations that gave no variation; what applications then use is their own. */
export const DEFAULT_NAME = "the code’s default";

/** What each reason means, in the words of the targeting editor. */
const REASONS: Readonly<Record<string, string>> = {
  STATIC: "Always the same",
  DEFAULT: "No rule matched",
  TARGETING_MATCH: "A rule or a target matched",
  SPLIT: "A percentage split",
  DISABLED: "The flag is off",
  PREREQUISITE_FAILED: "A prerequisite was not met",
  ERROR: "An error",
  UNKNOWN: "Another reason",
};

export function reasonName(reason: string): string {
  return REASONS[reason] ?? reason;
}

export function versionName(version: number | string | null): string {
  return version === null ? "version unknown" : `version ${version}`;
}

/** How a series is named and coloured. Variations have the colours that they have everywhere. */
export function shown(by: Grouping, key: string | null, index: number, flag: Flag): Shown {
  const id = seriesKey({ key });
  if (by === "reason") return { key: id, name: reasonName(id), color: variationColor(index) };
  if (by === "version") return { key: id, name: versionName(key), color: variationColor(index) };
  const place = flag.variations.findIndex((variation) => variation.key === key);
  const name = key === null ? DEFAULT_NAME : flag.variations[place]?.name || key;
  return { key: id, name, color: variationColor(place) };
}
