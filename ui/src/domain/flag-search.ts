import type { RawSearch } from "@/lib/search";
import { compact, oneOf, text } from "@/lib/search";
import type { RangeName } from "./usage-ranges";
import { RANGE_NAMES } from "./usage-ranges";

export const FLAG_TABS = ["targeting", "variations", "history", "evaluate", "usage"] as const;
export type FlagTab = (typeof FLAG_TABS)[number];

export interface FlagSearch {
  env?: string;
  tab?: FlagTab;
  /** Of the usage: how far back, and by what it is told apart. */
  range?: RangeName;
  by?: Grouping;
  event?: string;
}

export const GROUPINGS = ["variation", "reason", "version"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export function parseFlagSearch(search: RawSearch): FlagSearch {
  return compact({
    env: text(search, "env"),
    tab: oneOf(search, "tab", FLAG_TABS),
    range: oneOf(search, "range", RANGE_NAMES),
    by: oneOf(search, "by", GROUPINGS),
    event: text(search, "event"),
  });
}
