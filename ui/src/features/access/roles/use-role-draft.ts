import type { CustomRole, Permission } from "@/api/types";
import type { Merged } from "@/domain/drafts/draft";
import { useDraft } from "@/domain/drafts/use-draft";

interface Permissions {
  permissions: Permission[];
}

/** The unsaved permissions of a role. */
export function useRoleDraft(org: string, role: CustomRole, saving: boolean) {
  return useDraft({
    id: `role/${org}/${role.id}`,
    held: { permissions: role.permissions },
    version: role.version,
    merge: mergePermissions,
    follows: true,
    saving,
  });
}

/** Puts in and takes out of theirs what I put in and took out: sets have no conflicts. */
export function mergePermissions(
  base: Permissions,
  mine: Permissions,
  theirs: Permissions,
): Merged<Permissions> {
  const taken = base.permissions.filter((item) => !mine.permissions.includes(item));
  const added = mine.permissions.filter((item) => !base.permissions.includes(item));
  const kept = theirs.permissions.filter((item) => !taken.includes(item) && !added.includes(item));
  return { value: { permissions: [...kept, ...added] }, clashes: [] };
}
