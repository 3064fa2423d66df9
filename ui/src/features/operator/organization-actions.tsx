import { useMutation } from "@tanstack/react-query";
import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { deleteOperatedOrganization, suspendOrganization } from "@/api/operator";
import { formError, reasonOf } from "@/api/problem";
import { keys } from "@/api/queries";
import type { OperatedOrganization } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { messages } from "./messages";

/** What an operator can do with an organization. */
export function OrganizationActions({ organization }: { organization: OperatedOrganization }) {
  const { id, key, name, members, suspendedAt } = organization;
  const [dialog, setDialog] = useState<"suspend" | "delete" | null>(null);
  const close = () => setDialog(null);
  const meta = { awaits: [keys.operated], invalidates: [keys.session] };
  const suspend = useMutation({
    mutationFn: (suspended: boolean) => suspendOrganization(id, suspended),
    meta,
    onSuccess: (_, suspended) => {
      toast.success(suspended ? messages.suspendDone(name) : messages.resumeDone(name));
      close();
    },
    onError: (error, suspended) => !suspended && toast.error(reasonOf(error)),
  });
  const remove = useMutation({
    mutationFn: () => deleteOperatedOrganization(id),
    meta,
    onSuccess: () => {
      toast.success(messages.deleteDone(name));
    },
  });
  return (
    <>
      <Menu
        align="end"
        className="w-48"
        trigger={
          <Button look="ghost" size="icon" aria-label={messages.actionsOf(name)}>
            <MoreHorizontal />
          </Button>
        }
      >
        {suspendedAt ? (
          <MenuItem onSelect={() => suspend.mutate(false)}>{messages.resume}</MenuItem>
        ) : (
          <MenuItem onSelect={() => setDialog("suspend")}>{messages.suspend}</MenuItem>
        )}
        <MenuSeparator />
        <MenuItem danger onSelect={() => setDialog("delete")}>
          {messages.delete}
        </MenuItem>
      </Menu>
      {dialog === "suspend" && (
        <Confirm
          danger
          title={messages.suspendTitle(name)}
          description={messages.suspendHelp}
          action={messages.suspendSubmit}
          busy={suspend.isPending}
          refused={formError(suspend.error, [])}
          onConfirm={() => suspend.mutate(true)}
          onClose={close}
        />
      )}
      {dialog === "delete" && (
        <Confirm
          danger
          title={messages.deleteTitle(name)}
          description={messages.deleteHelp(members)}
          expected={key}
          action={messages.deleteSubmit}
          busy={remove.isPending}
          refused={formError(remove.error, [])}
          onConfirm={() => remove.mutate()}
          onClose={close}
        />
      )}
    </>
  );
}
