import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { keys, projectQuery, segmentQuery } from "@/api/queries";
import type { NewSegment } from "@/api/segments";
import { createSegment } from "@/api/segments";
import { FormDialog } from "@/components/form-dialog";
import { NamedFields, useNamed } from "@/components/named-fields";
import { segmentId } from "@/domain/live/ids";
import { markOwn } from "@/lib/flashes";
import { paths } from "@/paths";

export function CreateSegmentDialog({
  org,
  project,
  onClose,
}: {
  org: string;
  project: string;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const named = useNamed();
  const create = useMutation({
    mutationFn: (segment: NewSegment) => createSegment({ org, project }, segment),
    meta: { invalidates: [keys.segments({ org, project }), projectQuery({ org, project }).queryKey] },
    onSuccess: async (segment) => {
      markOwn(segmentId(project, segment.key));
      client.setQueryData(segmentQuery({ org, project, segment: segment.key }).queryKey, segment);
      await navigate({ to: paths.segment, params: { org, project, segment: segment.key } });
    },
  });
  return (
    <FormDialog
      title="Create a segment"
      className="max-w-md"
      action="Create segment"
      busy={create.isPending}
      error={create.error}
      shown={["/name", "/key"]}
      onSubmit={() => create.mutate({ key: named.key, name: named.name.trim() })}
      onClose={onClose}
    >
      <NamedFields
        named={named}
        error={create.error}
        placeholder="Beta testers"
        help="What flags refer to. It never changes."
      />
    </FormDialog>
  );
}
