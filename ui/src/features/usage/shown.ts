import type { Flag } from "@/api/types";
import { messages as shared } from "@/components/messages";
import type { Grouping } from "@/domain/flag-search";
import { variationColor } from "@/lib/variation-color";
import { seriesKey } from "./buckets";
import { messages } from "./messages";
import type { Shown } from "./usage-chart";

/** What each reason means, in the words of the targeting editor. */
export function reasonName(reason: string): string {
  return messages.reasons[reason] ?? reason;
}

export function versionName(version: number | string | null): string {
  return version === null ? messages.unknownVersion : messages.version(String(version));
}

/** How a series is named and colored. Variations have the colors that they have everywhere. */
export function shown(by: Grouping, key: string | null, index: number, flag: Flag): Shown {
  const id = seriesKey({ key });
  if (by === "reason") return { key: id, name: reasonName(id), color: variationColor(index) };
  if (by === "version") return { key: id, name: versionName(key), color: variationColor(index) };
  const place = flag.variations.findIndex((variation) => variation.key === key);
  const name = key === null ? shared.codeDefault : flag.variations[place]?.name || key;
  return { key: id, name, color: variationColor(place) };
}
