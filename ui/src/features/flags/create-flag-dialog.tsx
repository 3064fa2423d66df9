import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";
import type { NewFlag } from "@/api/flags";
import { createFlag } from "@/api/flags";
import { fieldError } from "@/api/problem";
import { flagQuery, keys, projectQuery } from "@/api/queries";
import type { FlagType } from "@/api/types";
import { NamedFields, namedSchema } from "@/components/form/named-fields";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
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
      toast.success(`${flag.name || flag.key} was created. It is off in every environment.`);
      onClose();
      return navigate({ to: paths.flag, params: { org, project, flag: flag.key } });
    },
  });
  const changeType = (next: FlagType) => {
    setType(next);
    setDrafts(defaultDrafts(next));
  };
  const form = useAppForm(namedSchema, { name: "", key: "" }, create.error);
  const submit = form.handleSubmit((named) => {
    if (read.problems.size > 0) return;
    create.mutate({
      ...named,
      description,
      type,
      variations: read.variations,
      tags,
      clientVisible,
    });
  });
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
          form={form}
          placeholder="New checkout"
          help="Used in your code and the API. It can’t be changed later."
        />
      </div>
      <FlagTypeChoice value={type} onChange={changeType} />
      <fieldset className="space-y-2">
        <legend className="mb-1.5 text-sm font-medium">Variations</legend>
        <VariationsEditor type={type} drafts={drafts} problems={read.problems} onChange={setDrafts} />
        <p className="text-xs text-muted">
          When on, the flag serves the first variation; when off, the last. Targeting can override this.
        </p>
      </fieldset>
      <Checkbox
        checked={clientVisible}
        onCheckedChange={setClientVisible}
        label="Available to browsers and mobile apps"
        help="They receive its value, never its rules. Otherwise only servers can use it."
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
