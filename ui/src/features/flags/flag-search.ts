import type { RawSearch } from "@/lib/search";
import { compact, oneOf, text } from "@/lib/search";

export const FLAG_TABS = ["targeting", "variations", "history", "evaluate"] as const;
export type FlagTab = (typeof FLAG_TABS)[number];

export interface FlagSearch {
  env?: string;
  tab?: FlagTab;
}

export function parseFlagSearch(search: RawSearch): FlagSearch {
  return compact({ env: text(search, "env"), tab: oneOf(search, "tab", FLAG_TABS) });
}
