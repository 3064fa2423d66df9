import type { FormEvent } from "react";
import { useState } from "react";
import { fieldError, formError } from "@/api/problem";
import type { Flag } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { TagInput } from "@/components/tag-input";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { useFlagChange } from "./use-flag-change";

export interface EditFlagDialogProps {
  org: string;
  project: string;
  flag: Flag;
  onClose: () => void;
}

export function EditFlagDialog({ org, project, flag, onClose }: EditFlagDialogProps) {
  const [name, setName] = useState(flag.name);
  const [description, setDescription] = useState(flag.description);
  const [tags, setTags] = useState(flag.tags);
  const [clientVisible, setClientVisible] = useState(flag.clientVisible);
  const [track, setTrack] = useState(flag.track);
  const change = useFlagChange({ org, project, flag: flag.key });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { name: name.trim(), description, tags, clientVisible, track, version: flag.version },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Edit the flag">
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(change.error, ["/name", "/description", "/tags"])} />
        <Field label="Name" error={fieldError(change.error, "/name")}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Description" optional error={fieldError(change.error, "/description")}>
          {(control) => (
            <Textarea
              {...control}
              maxLength={2000}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <TagInput value={tags} onChange={setTags} error={fieldError(change.error, "/tags")} />
        <Checkbox
          checked={clientVisible}
          onCheckedChange={setClientVisible}
          label="Client-visible"
          help="Browsers and mobile apps get its value, never its rules."
        />
        <Checkbox
          checked={track}
          onCheckedChange={setTrack}
          label="Record who was served what"
          help="For experiments. Counts of use are kept for every flag anyway."
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={change.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
