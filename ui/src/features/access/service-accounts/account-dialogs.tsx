import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Described } from "@/api/access";
import { createServiceAccount, deleteServiceAccount, updateServiceAccount } from "@/api/access";
import { keys } from "@/api/queries";
import type { ServiceAccount } from "@/api/types";
import { paths } from "@/paths";
import { DeleteDialog } from "../frame/delete-dialog";
import { DescribedDialog } from "../frame/described-dialog";
import { EditDescribedDialog } from "../frame/edit-described-dialog";
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
  return (
    <EditDescribedDialog
      held={account}
      words={messages}
      update={(change, guard) => updateServiceAccount(org, account.id, change, guard)}
      awaits={[keys.access(org)]}
      onClose={onClose}
    />
  );
}

/** Asks before an account is deleted with its tokens. */
export function DeleteAccount({ org, account, tokens, onClose }: AccountDialogProps & { tokens: number }) {
  return (
    <DeleteDialog
      org={org}
      title={messages.deleteTitle(account.name)}
      description={messages.deleteHelp(tokens)}
      action={messages.deleteSubmit}
      deleted={messages.deleted(account.name)}
      remove={(comment) => deleteServiceAccount(org, account.id, comment)}
      invalidates={[keys.access(org), keys.audit(org)]}
      list={paths.serviceAccounts}
      onClose={onClose}
    />
  );
}
