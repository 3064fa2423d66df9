import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";
import type { Described } from "@/api/access";
import { createServiceAccount, deleteServiceAccount, updateServiceAccount } from "@/api/access";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { ServiceAccount } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { paths } from "@/paths";
import { DescribedDialog } from "../frame/described-dialog";
import { messages } from "./messages";

/** Makes an account, which can do nothing until it has a role and a token. */
export function CreateAccountDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (account: Described) => createServiceAccount(org, account),
    meta: { awaits: [keys.access(org)] },
    onSuccess: async ({ id }) => {
      await navigate({ to: paths.serviceAccount, params: { org, account: id } });
      onClose();
    },
  });
  return (
    <DescribedDialog
      title={messages.createTitle}
      action={messages.create}
      example={messages.example}
      busy={create.isPending}
      error={create.error}
      onSubmit={(account) => create.mutate(account)}
      onClose={onClose}
    />
  );
}

export interface AccountDialogProps {
  org: string;
  account: ServiceAccount;
  onClose: () => void;
}

/** Changes what an account is called and what it is for. */
export function EditAccount({ org, account, onClose }: AccountDialogProps) {
  // What was read when the dialog was opened, so that someone else's change meanwhile is not overwritten unseen.
  const [{ version }] = useState(account);
  const update = useMutation({
    mutationFn: (change: Described) => updateServiceAccount(org, account.id, change, { version }),
    meta: { awaits: [keys.access(org)] },
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
      held={account}
      busy={update.isPending}
      error={update.error}
      onSubmit={(change) => update.mutate(change)}
      onClose={onClose}
    />
  );
}

/** Asks before an account is deleted with its tokens. */
export function DeleteAccount({ org, account, tokens, onClose }: AccountDialogProps & { tokens: number }) {
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: (comment: string) => deleteServiceAccount(org, account.id, comment),
    meta: { invalidates: [keys.access(org), keys.audit(org)] },
    onSuccess: async () => {
      toast.success(messages.deleted(account.name));
      await navigate({ to: paths.serviceAccounts, params: { org } });
    },
  });
  return (
    <Confirm
      danger
      comments
      title={messages.deleteTitle(account.name)}
      description={messages.deleteHelp(tokens)}
      action={messages.deleteSubmit}
      busy={remove.isPending}
      refused={formError(remove.error, [])}
      onConfirm={(comment) => remove.mutate(comment)}
      onClose={onClose}
    />
  );
}
