import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { keys, projectQuery } from "@/api/queries";
import type { SegmentScope } from "@/api/segments";
import { deleteSegment } from "@/api/segments";
import type { Dependent, Segment } from "@/api/types";
import { DependentList } from "@/components/dependent-list";
import { TypeToConfirm } from "@/components/type-to-confirm";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
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
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={`${segment.name || segment.key} is still in use`}
        description="Remove it from these flags and segments first."
      >
        <DependentList org={org} project={project} dependents={dependents} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <TypeToConfirm
      title={`Delete ${segment.name || segment.key}?`}
      expected={segment.key}
      action="Delete segment"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={onClose}
    >
      No flag or segment uses it. Its history stays in the audit log.
    </TypeToConfirm>
  );
}
