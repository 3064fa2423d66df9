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
      toast.success(`${flag.key} is deleted`);
      await navigate({ to: paths.flags, params: { org, project }, search: {} });
      client.removeQueries({ queryKey: keys.flag(scope) });
    },
  });
  const items = dependents.data?.items ?? [];
  if (items.length > 0) {
    return (
      <StillInUse
        name={flag.name || flag.key}
        advice="Remove it from these flags first. To stop serving it now, turn it off."
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
      title={`Delete ${flag.name || flag.key}?`}
      description="Applications that still ask for it get the default in their code, in every environment. Its history stays in the audit log. Archiving does the same and can be undone."
      expected={flag.key}
      action="Delete flag"
      busy={remove.isPending || dependents.isPending}
      refused={formError(remove.error, [])}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
