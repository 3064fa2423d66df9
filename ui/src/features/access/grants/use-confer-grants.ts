import type { Grant } from "@/api/types";
import type { Reason } from "@/components/ui/reason";
import { useConfer } from "@/domain/access/use-confer";
import { useRoles } from "../lists";

/**
 * Says why the person may not give or take away all that some grants give, as when they put somebody in a team or create a
 * token of a service account.
 */
export function useConferGrants(org: string): (grants: readonly Grant[]) => Reason {
  const roles = useRoles(org);
  const confer = useConfer();
  return (grants) => {
    for (const { role, scope } of grants) {
      const permissions = roles.items.find(({ id }) => id === role.id)?.permissions ?? [];
      const reason = confer(permissions, scope);
      if (reason) return reason;
    }
    return undefined;
  };
}
