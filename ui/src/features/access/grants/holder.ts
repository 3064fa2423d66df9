import type { Grant, GranteeKind } from "@/api/types";

/** Whose grants are shown and changed. */
export interface Holder {
  kind: GranteeKind;
  id: string;
  name: string;
  grants: readonly Grant[];
  /** Who is affected by a change of the grants, in words: the team's members, or the account itself. */
  affects: string;
}
