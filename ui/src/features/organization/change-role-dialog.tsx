import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { z } from "zod";
import { updateMember } from "@/api/members";
import { keys } from "@/api/queries";
import type { Member, Role } from "@/api/types";
import { SelectField } from "@/components/form/select-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { useRole } from "@/domain/access/use-refusal";
import { messages } from "./messages";

const ROLES: readonly Role[] = ["viewer", "editor", "admin", "owner"];
const NONE = "none";

const SCHEMA = z.object({ role: z.enum(["none", "viewer", "editor", "admin", "owner"]) });

export interface MemberDialogProps {
  org: string;
  member: Member;
  onClose: () => void;
}

/** Gives a member another role in the whole organization, at most that of who gives it. */
export function ChangeRoleDialog({ org, member, onClose }: MemberDialogProps) {
  const own = useRole();
  const { name } = member.user;
  const change = useMutation({
    mutationFn: ({ role }: z.infer<typeof SCHEMA>) =>
      updateMember(org, member.user.id, role === NONE ? null : role),
    meta: { awaits: [keys.members(org), keys.access(org)], invalidates: [keys.session] },
    onSuccess: () => {
      toast.success(messages.members.roleChanged(name));
      onClose();
    },
  });
  const form = useAppForm<z.infer<typeof SCHEMA>>(SCHEMA, { role: member.role ?? NONE }, change.error);
  const roles = ROLES.slice(0, ROLES.indexOf(own ?? "viewer") + 1);
  return (
    <FormDialog
      form={form}
      title={messages.members.changeRoleTitle(name)}
      description={messages.members.changeRoleHelp}
      className="max-w-md"
      action={messages.members.changeRoleSubmit}
      busy={change.isPending}
      error={change.error}
      onSubmit={(values) => change.mutate(values)}
      onClose={onClose}
    >
      <SelectField
        control={form.control}
        name="role"
        label={messages.role}
        options={[
          ...roles.map((role) => ({ value: role as string, label: messages.roles[role] })),
          { value: NONE, label: messages.members.noRole },
        ]}
      />
    </FormDialog>
  );
}
