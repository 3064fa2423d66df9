import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { fieldError, formError } from "@/api/problem";
import { keys, segmentQuery } from "@/api/queries";
import type { NewSegment } from "@/api/segments";
import { createSegment } from "@/api/segments";
import { paths } from "@/app/paths";
import { FormAlert } from "@/components/form-alert";
import { KeyField } from "@/components/key-field";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { markOwn, segmentId } from "@/features/live/flashes";
import { slug } from "@/lib/slug";

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
  const [name, setName] = useState("");
  const [ownKey, setOwnKey] = useState<string | null>(null);
  const key = ownKey ?? slug(name);
  const create = useMutation({
    mutationFn: (segment: NewSegment) => createSegment({ org, project }, segment),
    onSuccess: async (segment) => {
      markOwn(segmentId(project, segment.key));
      client.setQueryData(segmentQuery({ org, project, segment: segment.key }).queryKey, segment);
      void client.invalidateQueries({ queryKey: keys.project({ org, project }) });
      await navigate({ to: paths.segment, params: { org, project, segment: segment.key } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ key, name: name.trim() });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Create a segment" className="max-w-md">
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(create.error, ["/name", "/key"])} />
        <Field label="Name" error={fieldError(create.error, "/name")}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={200}
              placeholder="Beta testers"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <KeyField
          value={key}
          onChange={setOwnKey}
          error={fieldError(create.error, "/key")}
          help="What flags refer to. It never changes."
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create segment
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
