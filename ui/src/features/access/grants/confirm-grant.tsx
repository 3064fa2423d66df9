import { formError } from "@/api/problem";
import { Confirm } from "@/components/confirm";
import { permissionName } from "@/domain/access/permissions";
import { placeText } from "@/domain/access/place-name";
import { roleName } from "@/domain/access/role-name";
import { effectiveOn } from "@/domain/access/use-confer";
import { useProjects } from "@/domain/access/use-projects";
import type { Holder } from "./holder";
import { messages } from "./messages";
import type { GrantChange } from "./use-grant-change";
import { useGrantChange } from "./use-grant-change";

export interface ConfirmGrantProps {
  org: string;
  holder: Holder;
  change: GrantChange;
  onClose: () => void;
}

/** Says who will be able to do what, before a role is given or taken away. */
export function ConfirmGrant({ org, holder, change, onClose }: ConfirmGrantProps) {
  const projects = useProjects(org);
  const mutation = useGrantChange(org, holder);
  const { role, scope, grant } = change;
  const what = { who: holder.name, role: roleName(role), where: placeText(scope, projects) };
  const permissions = effectiveOn(role.permissions, scope);
  return (
    <Confirm
      title={grant ? messages.take(what) : messages.give(what)}
      description={grant ? messages.takes(holder.affects) : messages.gives(holder.affects)}
      action={grant ? messages.takeSubmit : messages.giveSubmit}
      danger={grant !== undefined}
      comments
      busy={mutation.isPending}
      refused={formError(mutation.error, [])}
      onConfirm={(comment) => mutation.mutate({ ...change, comment }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <ul className="max-h-48 list-disc space-y-0.5 overflow-y-auto pl-5 text-sm">
        {permissions.map((permission) => (
          <li key={permission}>{permissionName(permission)}</li>
        ))}
      </ul>
    </Confirm>
  );
}
