import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { leaveOrganization, removeMember, transferOwnership } from "@/api/members";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { Member } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { useRefusal, useRole } from "@/domain/access/use-refusal";
import { paths } from "@/paths";
import type { MemberDialogProps } from "./change-role-dialog";
import { ChangeRoleDialog } from "./change-role-dialog";
import { messages } from "./messages";

/** What can be done with a member. `own` is whether they are who looks. */
export function MemberMenu({ org, member, own }: { org: string; member: Member; own: boolean }) {
  const role = useRole();
  const refusal = useRefusal("member.manage");
  const transferRefusal = useRefusal("organization.update");
  const [dialog, setDialog] = useState<"role" | "transfer" | "remove" | "leave" | null>(null);
  const close = () => setDialog(null);
  // Nobody takes away what they could not give.
  const above = member.role === "owner" && role !== "owner" && messages.members.ownersOnly;
  const { name } = member.user;
  return (
    <>
      <Menu
        align="end"
        className="w-60"
        trigger={
          <Button look="ghost" size="icon" aria-label={messages.members.actionsOf(name)}>
            <MoreHorizontal />
          </Button>
        }
      >
        <MenuItem disabledReason={refusal || above} onSelect={() => setDialog("role")}>
          {messages.members.changeRole}
        </MenuItem>
        {!own && (
          <MenuItem disabledReason={transferRefusal} onSelect={() => setDialog("transfer")}>
            {messages.members.transfer}
          </MenuItem>
        )}
        <MenuSeparator />
        {own ? (
          <MenuItem danger onSelect={() => setDialog("leave")}>
            {messages.members.leave}
          </MenuItem>
        ) : (
          <MenuItem danger disabledReason={refusal || above} onSelect={() => setDialog("remove")}>
            {messages.members.remove}
          </MenuItem>
        )}
      </Menu>
      {dialog === "role" && <ChangeRoleDialog org={org} member={member} onClose={close} />}
      {dialog === "transfer" && <Transfer org={org} member={member} onClose={close} />}
      {dialog === "remove" && <Remove org={org} member={member} onClose={close} />}
      {dialog === "leave" && <Leave org={org} onClose={close} />}
    </>
  );
}

function Transfer({ org, member, onClose }: MemberDialogProps) {
  const { id, name } = member.user;
  const transfer = useMutation({
    mutationFn: () => transferOwnership(org, id),
    meta: { awaits: [keys.session, keys.organization(org)] },
    onSuccess: () => {
      toast.success(messages.members.transferred(name));
      onClose();
    },
  });
  return (
    <Confirm
      title={messages.members.transferTitle(name)}
      description={messages.members.transferHelp}
      expected={org}
      action={messages.members.transferSubmit}
      busy={transfer.isPending}
      refused={formError(transfer.error, [])}
      onConfirm={() => transfer.mutate()}
      onClose={onClose}
    />
  );
}

function Remove({ org, member, onClose }: MemberDialogProps) {
  const { id, name } = member.user;
  const remove = useMutation({
    mutationFn: () => removeMember(org, id),
    meta: { awaits: [keys.members(org)], invalidates: [keys.access(org)] },
    onSuccess: () => {
      toast.success(messages.members.removed(name));
      onClose();
    },
  });
  return (
    <Confirm
      danger
      title={messages.members.removeTitle(name)}
      description={messages.members.removeHelp}
      action={messages.members.removeSubmit}
      busy={remove.isPending}
      refused={formError(remove.error, [])}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}

/** Also on the page for people who may not see the members. */
export function Leave({ org, onClose }: { org: string; onClose: () => void }) {
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: () => leaveOrganization(org),
    meta: { awaits: [keys.session] },
    onSuccess: () => navigate({ to: paths.organizations }),
  });
  return (
    <Confirm
      danger
      title={messages.members.leaveTitle}
      description={messages.members.leaveHelp}
      action={messages.members.leaveSubmit}
      busy={leave.isPending}
      refused={formError(leave.error, [])}
      onConfirm={() => leave.mutate()}
      onClose={onClose}
    />
  );
}
