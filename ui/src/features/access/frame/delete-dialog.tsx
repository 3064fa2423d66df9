import type { QueryKey } from "@tanstack/react-query";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { toast } from "sonner";
import { formError } from "@/api/problem";
import { Confirm } from "@/components/confirm";
import type { paths } from "@/paths";

export interface DeleteDialogProps {
  org: string;
  title: string;
  description: string;
  action: string;
  /** What is said once it is gone. */
  deleted: string;
  remove: (comment: string) => Promise<unknown>;
  invalidates: readonly QueryKey[];
  /** The page to go to then: the list that it was in. */
  list: typeof paths.teams | typeof paths.roles | typeof paths.serviceAccounts;
  onClose: () => void;
}

/** Asks before a team, a role or a service account is deleted. */
export function DeleteDialog(props: DeleteDialogProps) {
  const { org, title, description, action, deleted, remove, invalidates, list, onClose } = props;
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: (comment: string) => remove(comment),
    meta: { invalidates },
    onSuccess: async () => {
      toast.success(deleted);
      await navigate({ to: list, params: { org } });
    },
  });
  return (
    <Confirm
      danger
      comments
      title={title}
      description={description}
      action={action}
      busy={removal.isPending}
      refused={formError(removal.error, [])}
      onConfirm={(comment) => removal.mutate(comment)}
      onClose={onClose}
    />
  );
}
