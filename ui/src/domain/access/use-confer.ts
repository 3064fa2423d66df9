import type { GrantScope, Permission } from "@/api/types";
import type { Reason } from "@/components/ui/reason";
import { PERMISSIONS } from "./permissions";
import { useAccess } from "./use-refusal";

const WIDTH = { environment: 0, project: 1, organization: 2 };

/** Sight of a project comes with any grant on one of its environments. */
const REACHING_UP: readonly Permission[] = ["flag.read", "segment.read", "project.read"];

/** What a role with these permissions gives on a scope: what is decided there or on something narrower. */
export function effectiveOn(permissions: readonly Permission[], scope: GrantScope): Permission[] {
  const kind = scope.environment ? "environment" : scope.project ? "project" : "organization";
  return permissions.filter(
    (permission) =>
      WIDTH[PERMISSIONS[permission].on] <= WIDTH[kind] ||
      (kind === "environment" && REACHING_UP.includes(permission)),
  );
}

/**
 * Says why the person may not give these permissions on a scope, or take them away; nothing where they may. Nobody gives
 * what they lack.
 */
export function useConfer(): (permissions: readonly Permission[], scope: GrantScope) => Reason {
  const refuse = useAccess();
  return (permissions, scope) => {
    for (const permission of effectiveOn(permissions, scope)) {
      // What reaches up from an environment is held on its project.
      const place = PERMISSIONS[permission].on === "project" ? { project: scope.project } : scope;
      const reason = refuse(permission, place);
      if (reason) return reason;
    }
    return undefined;
  };
}
