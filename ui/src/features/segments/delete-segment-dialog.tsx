import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { formError } from "@/api/problem";
import { keys, projectQuery } from "@/api/queries";
import type { SegmentScope } from "@/api/segments";
import { deleteSegment } from "@/api/segments";
import type { Dependent, Segment } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { StillInUse } from "@/components/still-in-use";
import { paths } from "@/paths";
import { messages } from "./messages";

export interface DeleteSegmentDialogProps {
  scope: SegmentScope;
  segment: Segment;
  dependents: readonly Dependent[];
  onClose: () => void;
}

export function DeleteSegmentDialog({ scope, segment, dependents, onClose }: DeleteSegmentDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { org, project } = scope;
  const remove = useMutation({
    mutationFn: () => deleteSegment(scope),
    meta: { invalidates: [keys.segments(scope), projectQuery(scope).queryKey] },
    onSuccess: async () => {
      await navigate({ to: paths.segments, params: { org, project } });
      client.removeQueries({ queryKey: keys.segment(scope) });
    },
  });
  if (dependents.length > 0) {
    return (
      <StillInUse
        name={segment.name || segment.key}
        advice={messages.delete.inUseHelp}
        org={org}
        project={project}
        dependents={dependents}
        onClose={onClose}
      />
    );
  }
  return (
    <Confirm
      danger
      title={messages.delete.title(segment.name || segment.key)}
      description={messages.delete.help}
      expected={segment.key}
      action={messages.delete.action}
      busy={remove.isPending}
      refused={formError(remove.error, [])}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
