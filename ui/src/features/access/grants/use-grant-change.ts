import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { createGrant, deleteGrant } from "@/api/access";
import { keys } from "@/api/queries";
import type { CustomRole, Grant, GrantScope } from "@/api/types";
import { placeText } from "@/domain/access/place-name";
import { roleName } from "@/domain/access/role-name";
import { useProjects } from "@/domain/access/use-projects";
import type { Holder } from "./holder";
import { messages } from "./messages";

/** A role to give on a scope, or a grant to take away. */
export interface GrantChange {
  role: Pick<CustomRole, "id" | "name" | "builtIn" | "permissions">;
  scope: GrantScope;
  /** The grant that is taken away; none where one is given. */
  grant?: Grant | undefined;
}

/** Gives and takes roles. */
export function useGrantChange(org: string, holder: Holder) {
  const projects = useProjects(org);
  return useMutation({
    mutationFn: async ({ role, scope, grant, comment }: GrantChange & { comment: string }) => {
      if (grant) await deleteGrant(org, grant.id, comment);
      else
        await createGrant(
          org,
          { holder: { kind: holder.kind, id: holder.id }, role: role.id, scope },
          comment,
        );
    },
    meta: { invalidates: [keys.access(org), keys.members(org), keys.audit(org)] },
    onSuccess: (_, { role, scope, grant }) => {
      const what = { who: holder.name, role: roleName(role), where: placeText(scope, projects) };
      toast.success(grant ? messages.taken(what) : messages.given(what));
    },
  });
}
