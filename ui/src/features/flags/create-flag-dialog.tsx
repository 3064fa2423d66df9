import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { toast } from "sonner";
import type { NewFlag } from "@/api/flags";
import { createFlag } from "@/api/flags";
import { fieldError, formError } from "@/api/problem";
import { flagQuery, keys } from "@/api/queries";
import type { FlagType } from "@/api/types";
import { paths } from "@/app/paths";
import { FormAlert } from "@/components/form-alert";
import { KeyField } from "@/components/key-field";
import { TagInput } from "@/components/tag-input";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { flagId, markOwn } from "@/features/live/flashes";
import { slug } from "@/lib/slug";
import { FlagTypeChoice } from "./flag-type-choice";
import { defaultDrafts, readVariations } from "./variation-drafts";
import { VariationsEditor } from "./variations-editor";

export function CreateFlagDialog({
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
  const [type, setType] = useState<FlagType>("boolean");
  const [drafts, setDrafts] = useState(() => defaultDrafts("boolean"));
  const [description, setDescription] = useState("");
  const [tags, setTags] = useState<string[]>([]);
  const [clientVisible, setClientVisible] = useState(false);
  const [more, setMore] = useState(false);
  const key = ownKey ?? slug(name);
  const read = readVariations(type, drafts);
  const create = useMutation({
    mutationFn: (flag: NewFlag) => createFlag({ org, project }, flag),
    onSuccess: (flag) => {
      markOwn(flagId(project, flag.key));
      client.setQueryData(flagQuery({ org, project, flag: flag.key }).queryKey, flag);
      void client.invalidateQueries({ queryKey: keys.project({ org, project }) });
      toast.success(`${flag.name || flag.key} is there, off everywhere`);
      onClose();
      return navigate({ to: paths.flag, params: { org, project, flag: flag.key } });
    },
  });
  const changeType = (next: FlagType) => {
    setType(next);
    setDrafts(defaultDrafts(next));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (read.problems.size > 0) return;
    create.mutate({
      key,
      name: name.trim(),
      description,
      type,
      variations: read.variations,
      tags,
      clientVisible,
    });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Create a flag" className="max-w-xl">
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(create.error, ["/key", "/name", "/description", "/tags"])} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" error={fieldError(create.error, "/name")}>
            {(control) => (
              <Input
                {...control}
                autoFocus
                required
                maxLength={200}
                placeholder="New checkout"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <KeyField
            value={key}
            onChange={setOwnKey}
            error={fieldError(create.error, "/key")}
            help="What your code asks for. It never changes."
          />
        </div>
        <FlagTypeChoice value={type} onChange={changeType} />
        <fieldset className="space-y-2">
          <legend className="mb-1.5 text-sm font-medium">Variations</legend>
          <VariationsEditor type={type} drafts={drafts} problems={read.problems} onChange={setDrafts} />
          <p className="text-xs text-muted">
            Switched on it serves the first; switched off, the last. Targeting can say otherwise.
          </p>
        </fieldset>
        <Checkbox
          checked={clientVisible}
          onCheckedChange={setClientVisible}
          label="Browsers and mobile apps may see it"
          help="They get its value only, never its rules. Without this, only servers see it."
        />
        {more ? (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Description" optional error={fieldError(create.error, "/description")}>
              {(control) => (
                <Input
                  {...control}
                  autoFocus
                  maxLength={2000}
                  value={description}
                  onChange={(event) => setDescription(event.target.value)}
                />
              )}
            </Field>
            <TagInput value={tags} onChange={setTags} error={fieldError(create.error, "/tags")} />
          </div>
        ) : (
          <Button look="link" size="none" className="text-xs" onClick={() => setMore(true)}>
            Add a description or tags
          </Button>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create flag
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
