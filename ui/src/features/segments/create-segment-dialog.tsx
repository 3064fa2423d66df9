import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue } from "react";
import { keys, projectQuery, segmentChoicesQuery, segmentQuery } from "@/api/queries";
import type { NewSegment } from "@/api/segments";
import { createSegment } from "@/api/segments";
import { NamedFields, namedSubjectSchema } from "@/components/form/named-fields";
import { SubjectKeyHelp } from "@/components/form/subject-key-help";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { segmentId } from "@/domain/live/ids";
import { markOwn } from "@/lib/flashes";
import { MAX_SUBJECT_KEY_LENGTH } from "@/lib/slug";
import { paths } from "@/paths";
import { messages } from "./messages";

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
  const create = useMutation({
    mutationFn: (segment: NewSegment) => createSegment({ org, project }, segment),
    meta: { invalidates: [keys.segments({ org, project }), projectQuery({ org, project }).queryKey] },
    onSuccess: async (segment) => {
      markOwn(segmentId(project, segment.key));
      client.setQueryData(segmentQuery({ org, project, segment: segment.key }).queryKey, segment);
      await navigate({ to: paths.segment, params: { org, project, segment: segment.key } });
    },
  });
  const form = useAppForm(namedSubjectSchema, { name: "", key: "" }, create.error);
  const key = form.watch("key");
  const near = useQuery(segmentChoicesQuery({ org, project }, useDeferredValue(key)));
  return (
    <FormDialog
      form={form}
      title={messages.createTitle}
      className="max-w-md"
      action={messages.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={(named) => create.mutate(named)}
      onClose={onClose}
    >
      <NamedFields
        form={form}
        placeholder={messages.example}
        help={<SubjectKeyHelp usedKeys={near.data?.items} typed={key} help={messages.keyHelp} />}
        longestKey={MAX_SUBJECT_KEY_LENGTH}
      />
    </FormDialog>
  );
}
