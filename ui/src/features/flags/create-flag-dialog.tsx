import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { useController } from "react-hook-form";
import { toast } from "sonner";
import { z } from "zod";
import type { NewFlag } from "@/api/flags";
import { createFlag } from "@/api/flags";
import { flagChoicesQuery, flagQuery, keys, projectQuery } from "@/api/queries";
import type { FlagType } from "@/api/types";
import { CheckboxField } from "@/components/form/checkbox-field";
import { NamedFields } from "@/components/form/named-fields";
import { descriptionSchema, nameSchema, subjectKeySchema } from "@/components/form/schemas";
import { SubjectKeyHelp } from "@/components/form/subject-key-help";
import { TagsField } from "@/components/form/tags-field";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { Button } from "@/components/ui/button";
import { flagId } from "@/domain/live/ids";
import { markOwn } from "@/lib/flashes";
import { MAX_SUBJECT_KEY_LENGTH } from "@/lib/slug";
import { paths } from "@/paths";
import { FlagTypeChoice } from "./flag-type-choice";
import { FLAG_TYPES } from "./flags-search";
import { messages } from "./messages";
import type { VariationDraft } from "./variation-drafts";
import { defaultDrafts, readVariations } from "./variation-drafts";
import { VariationsEditor } from "./variations-editor";

const SCHEMA = z.object({
  name: nameSchema,
  key: subjectKeySchema,
  type: z.enum(FLAG_TYPES),
  variations: z.array(z.custom<VariationDraft>()),
  description: descriptionSchema,
  tags: z.array(z.string()),
  clientVisible: z.boolean(),
});
type Values = z.infer<typeof SCHEMA>;

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
  const [more, setMore] = useState(false);
  const create = useMutation({
    mutationFn: (flag: NewFlag) => createFlag({ org, project }, flag),
    meta: { invalidates: [keys.flags({ org, project }), projectQuery({ org, project }).queryKey] },
    onSuccess: (flag) => {
      markOwn(flagId(project, flag.key));
      client.setQueryData(flagQuery({ org, project, flag: flag.key }).queryKey, flag);
      toast.success(messages.dialog.created(flag.name || flag.key));
      onClose();
      return navigate({ to: paths.flag, params: { org, project, flag: flag.key } });
    },
  });
  const form = useAppForm<Values>(
    SCHEMA,
    {
      name: "",
      key: "",
      type: "boolean",
      variations: defaultDrafts("boolean"),
      description: "",
      tags: [],
      clientVisible: false,
    },
    create.error,
  );
  const type = useController({ control: form.control, name: "type" });
  const variations = useController({ control: form.control, name: "variations" });
  const key = form.watch("key");
  const near = useQuery(flagChoicesQuery({ org, project }, useDeferredValue(key)));
  const read = readVariations(type.field.value, variations.field.value);
  const changeType = (next: FlagType) => {
    type.field.onChange(next);
    variations.field.onChange(defaultDrafts(next));
  };
  return (
    <FormDialog
      form={form}
      title={messages.dialog.title}
      className="max-w-xl"
      action={messages.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={(values) => {
        if (read.problems.size === 0) create.mutate({ ...values, variations: read.variations });
      }}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NamedFields
          form={form}
          placeholder={messages.dialog.example}
          help={<SubjectKeyHelp usedKeys={near.data?.items} typed={key} help={messages.dialog.keyHelp} />}
          longestKey={MAX_SUBJECT_KEY_LENGTH}
        />
      </div>
      <FlagTypeChoice value={type.field.value} onChange={changeType} />
      <fieldset className="space-y-2">
        <legend className="mb-1.5 text-sm font-medium">{messages.dialog.variations}</legend>
        <VariationsEditor
          type={type.field.value}
          drafts={variations.field.value}
          problems={read.problems}
          onChange={variations.field.onChange}
        />
        {variations.fieldState.error?.message && (
          <p role="alert" className="text-xs text-danger">
            {variations.fieldState.error.message}
          </p>
        )}
        <p className="text-xs text-muted">{messages.dialog.variationsHelp}</p>
      </fieldset>
      <CheckboxField
        control={form.control}
        name="clientVisible"
        label={messages.available}
        help={messages.availableHelp}
      />
      {more ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            control={form.control}
            name="description"
            label={messages.description}
            optional
            autoFocus
            maxLength={2000}
          />
          <TagsField control={form.control} name="tags" />
        </div>
      ) : (
        <Button look="link" size="none" className="text-xs" onClick={() => setMore(true)}>
          {messages.dialog.more}
        </Button>
      )}
    </FormDialog>
  );
}
