import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";
import type { Described } from "@/api/access";
import { deleteRole, updateRole } from "@/api/access";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { CustomRole } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { paths } from "@/paths";
import { DescribedDialog } from "../frame/described-dialog";
import { messages } from "./messages";

export interface RoleDialogProps {
  org: string;
  role: CustomRole;
  onClose: () => void;
}

/** Changes what a role is called and what it is for. */
export function EditRole({ org, role, onClose }: RoleDialogProps) {
  // What was read when the dialog was opened, so that someone else's change meanwhile is not overwritten unseen.
  const [{ version }] = useState(role);
  const update = useMutation({
    mutationFn: (change: Described) => updateRole(org, role.id, change, { version }),
    meta: { awaits: [keys.access(org), keys.members(org)] },
    onSuccess: () => {
      toast.success(messages.saved);
      onClose();
    },
  });
  return (
    <DescribedDialog
      title={messages.editTitle}
      action={messages.save}
      example={messages.example}
      held={role}
      busy={update.isPending}
      error={update.error}
      onSubmit={(change) => update.mutate(change)}
      onClose={onClose}
    />
  );
}

/** Asks before a role that nobody has is deleted. */
export function DeleteRole({ org, role, onClose }: RoleDialogProps) {
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: (comment: string) => deleteRole(org, role.id, comment),
    meta: { invalidates: [keys.access(org), keys.audit(org)] },
    onSuccess: async () => {
      toast.success(messages.deleted(role.name));
      await navigate({ to: paths.roles, params: { org } });
    },
  });
  return (
    <Confirm
      danger
      comments
      title={messages.deleteTitle(role.name)}
      description={messages.deleteHelp}
      action={messages.deleteSubmit}
      busy={remove.isPending}
      refused={formError(remove.error, [])}
      onConfirm={(comment) => remove.mutate(comment)}
      onClose={onClose}
    />
  );
}
