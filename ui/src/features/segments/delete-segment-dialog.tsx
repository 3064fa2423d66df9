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
        advice="Remove it from these flags and segments first."
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
      title={`Delete ${segment.name || segment.key}?`}
      description="No flag or segment uses it. Its history stays in the audit log."
      expected={segment.key}
      action="Delete segment"
      busy={remove.isPending}
      refused={formError(remove.error, [])}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
