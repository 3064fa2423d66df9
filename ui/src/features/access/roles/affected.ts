import type { CustomRole, Grant, Member, Permission } from "@/api/types";
import { covers } from "@/domain/access/holds";
import { effectiveOn } from "@/domain/access/use-confer";

/** Who has what in the organization. */
export interface Holdings {
  grants: readonly Grant[];
  members: readonly Member[];
  roles: readonly CustomRole[];
}

/** Whom a change of one permission of a role concerns, by name. */
export interface Affected {
  permission: Permission;
  /** For them the permission comes or goes with the role. */
  changing: string[];
  /** They have it by another grant wherever they have the role. */
  keeping: string[];
}

/** Tells for each permission whose access depends on whether the role has it. */
export function affectedBy(
  role: string,
  permissions: readonly Permission[],
  { grants, members, roles }: Holdings,
): Affected[] {
  const ofRole = grants.filter((grant) => grant.role.id === role);
  const others = grants.filter((grant) => grant.role.id !== role);
  return permissions.map((permission) => {
    const gives = (grant: Grant) => {
      const held = roles.find(({ id }) => id === grant.role.id)?.permissions ?? [];
      return effectiveOn(held, grant.scope).includes(permission);
    };
    const giving = others.filter(gives);
    const changing = new Set<string>();
    const keeping = new Set<string>();
    for (const grant of ofRole) {
      if (effectiveOn([permission], grant.scope).length === 0) continue;
      for (const { name, grantees } of holdersOf(grant, members)) {
        const has = giving.some((other) => grantees.has(other.holder.id) && covers(other.scope, grant.scope));
        (has ? keeping : changing).add(name);
      }
    }
    return {
      permission,
      changing: [...changing],
      keeping: [...keeping].filter((name) => !changing.has(name)),
    };
  });
}

/** Everybody and everything that a grant gives access to, with the ids under which they are granted something. */
function holdersOf({ holder }: Grant, members: readonly Member[]) {
  const people = members.filter(
    ({ user, teams }) => user.id === holder.id || teams.some(({ id }) => id === holder.id),
  );
  if (holder.kind === "serviceAccount") return [{ name: holder.name, grantees: new Set([holder.id]) }];
  return people.map(({ user, teams }) => ({
    name: user.name,
    grantees: new Set([user.id, ...teams.map(({ id }) => id)]),
  }));
}
