import { deleteRole, updateRole } from "@/api/access";
import { keys } from "@/api/queries";
import type { CustomRole } from "@/api/types";
import { paths } from "@/paths";
import { DeleteDialog } from "../frame/delete-dialog";
import { EditDescribedDialog } from "../frame/edit-described-dialog";
import { messages } from "./messages";

export interface RoleDialogProps {
  org: string;
  role: CustomRole;
  onClose: () => void;
}

/** Changes what a role is called and what it is for. */
export function EditRole({ org, role, onClose }: RoleDialogProps) {
  return (
    <EditDescribedDialog
      held={role}
      words={messages}
      update={(change, guard) => updateRole(org, role.id, change, guard)}
      awaits={[keys.access(org), keys.members(org)]}
      onClose={onClose}
    />
  );
}

/** Asks before a role that nobody has is deleted. */
export function DeleteRole({ org, role, onClose }: RoleDialogProps) {
  return (
    <DeleteDialog
      org={org}
      title={messages.deleteTitle(role.name)}
      description={messages.deleteHelp}
      action={messages.deleteSubmit}
      deleted={messages.deleted(role.name)}
      remove={(comment) => deleteRole(org, role.id, comment)}
      invalidates={[keys.access(org), keys.audit(org)]}
      list={paths.roles}
      onClose={onClose}
    />
  );
}
