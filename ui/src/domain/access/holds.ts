import type { OwnAccess, Permission } from "@/api/types";

/** The whole organization, a project, or an environment of one; a project means all of its environments. */
export interface Place {
  project?: string | undefined;
  environment?: string | undefined;
}

/** Whether something granted on `scope` holds at `place`. */
export function covers(scope: Place, place: Place): boolean {
  if (scope.project === undefined) return true;
  if (scope.project !== place.project) return false;
  return scope.environment === undefined || scope.environment === place.environment;
}

/** Whether any of the grants gives the permission at the place. */
export function holds(grants: OwnAccess["grants"], permission: Permission, place: Place): boolean {
  return grants.some((grant) => grant.permissions.includes(permission) && covers(grant.scope, place));
}

/** An environment as a place, from what names more. */
export function placeOf({ project, environment }: Required<Place>): Place {
  return { project, environment };
}
