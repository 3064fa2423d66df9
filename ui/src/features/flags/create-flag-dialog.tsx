import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";
import type { NewFlag } from "@/api/flags";
import { createFlag } from "@/api/flags";
import { fieldError } from "@/api/problem";
import { flagQuery, keys, projectQuery } from "@/api/queries";
import type { FlagType } from "@/api/types";
import { FormDialog } from "@/components/form-dialog";
import { NamedFields, useNamed } from "@/components/named-fields";
import { TagInput } from "@/components/tag-input";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { flagId } from "@/domain/live/ids";
import { markOwn } from "@/lib/flashes";
import { paths } from "@/paths";
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
  const named = useNamed();
  const [type, setType] = useState<FlagType>("boolean");
  const [drafts, setDrafts] = useState(() => defaultDrafts("boolean"));
  const [description, setDescription] = useState("");
  const [tags, setTags] = useState<string[]>([]);
  const [clientVisible, setClientVisible] = useState(false);
  const [more, setMore] = useState(false);
  const read = readVariations(type, drafts);
  const create = useMutation({
    mutationFn: (flag: NewFlag) => createFlag({ org, project }, flag),
    meta: { invalidates: [keys.flags({ org, project }), projectQuery({ org, project }).queryKey] },
    onSuccess: (flag) => {
      markOwn(flagId(project, flag.key));
      client.setQueryData(flagQuery({ org, project, flag: flag.key }).queryKey, flag);
      toast.success(`${flag.name || flag.key} is there, off everywhere`);
      onClose();
      return navigate({ to: paths.flag, params: { org, project, flag: flag.key } });
    },
  });
  const changeType = (next: FlagType) => {
    setType(next);
    setDrafts(defaultDrafts(next));
  };
  const submit = () => {
    if (read.problems.size > 0) return;
    create.mutate({
      key: named.key,
      name: named.name.trim(),
      description,
      type,
      variations: read.variations,
      tags,
      clientVisible,
    });
  };
  return (
    <FormDialog
      title="Create a flag"
      className="max-w-xl"
      action="Create flag"
      busy={create.isPending}
      error={create.error}
      shown={["/key", "/name", "/description", "/tags"]}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NamedFields
          named={named}
          error={create.error}
          placeholder="New checkout"
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
    </FormDialog>
  );
}
