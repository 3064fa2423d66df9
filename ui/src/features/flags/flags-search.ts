import type { FlagFilter } from "@/api/flags";
import type { FlagType } from "@/api/types";
import type { RawSearch } from "@/lib/search";
import { compact, oneOf, text } from "@/lib/search";

export const FLAG_TYPES = ["boolean", "string", "number", "object"] as const satisfies readonly FlagType[];
export const SORTS = ["key", "name", "-createdAt", "-updatedAt"] as const;

export interface FlagsSearch {
  q?: string;
  tag?: string;
  type?: FlagType;
  archived?: true;
  sort?: (typeof SORTS)[number];
  /** The environment through which the list is looked at. */
  env?: string;
}

export function parseFlagsSearch(search: RawSearch): FlagsSearch {
  return compact({
    q: text(search, "q"),
    tag: text(search, "tag"),
    type: oneOf(search, "type", FLAG_TYPES),
    archived: search.archived === true ? (true as const) : undefined,
    sort: oneOf(search, "sort", SORTS),
    env: text(search, "env"),
  });
}

/** The question to the hub that the URL stands for. */
export function flagFilter(search: FlagsSearch): FlagFilter {
  return {
    search: search.q,
    tag: search.tag,
    type: search.type,
    archived: search.archived ?? false,
    sort: search.sort,
  };
}
