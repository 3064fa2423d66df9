import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { toast } from "sonner";
import { deleteFlag } from "@/api/flags";
import { formError } from "@/api/problem";
import { flagDependentsQuery, keys, projectQuery } from "@/api/queries";
import type { Flag } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { StillInUse } from "@/components/still-in-use";
import { flagId } from "@/domain/live/ids";
import { markOwn } from "@/lib/flashes";
import { paths } from "@/paths";
import { messages } from "./messages";

export interface DeleteFlagDialogProps {
  org: string;
  project: string;
  flag: Flag;
  onClose: () => void;
}

/** Deletes a flag, unless others need it: then it says who. */
export function DeleteFlagDialog({ org, project, flag, onClose }: DeleteFlagDialogProps) {
  const scope = { org, project, flag: flag.key };
  const client = useQueryClient();
  const navigate = useNavigate();
  const dependents = useQuery({ ...flagDependentsQuery(scope), staleTime: 0 });
  const remove = useMutation({
    mutationFn: () => {
      markOwn(flagId(project, flag.key));
      return deleteFlag(scope);
    },
    meta: { invalidates: [keys.flags(scope), projectQuery(scope).queryKey] },
    onSuccess: async () => {
      toast.success(messages.delete.deleted(flag.key));
      await navigate({ to: paths.flags, params: { org, project }, search: {} });
      client.removeQueries({ queryKey: keys.flag(scope) });
    },
  });
  const items = dependents.data?.items ?? [];
  if (items.length > 0) {
    return (
      <StillInUse
        name={flag.name || flag.key}
        advice={messages.delete.inUseHelp}
        org={org}
        project={project}
        dependents={items}
        onClose={onClose}
      />
    );
  }
  return (
    <Confirm
      danger
      title={messages.delete.title(flag.name || flag.key)}
      description={messages.delete.help}
      expected={flag.key}
      action={messages.delete.submit}
      busy={remove.isPending || dependents.isPending}
      refused={formError(remove.error, [])}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
