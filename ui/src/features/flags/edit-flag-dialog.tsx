import { useState } from "react";
import { z } from "zod";
import type { FlagChange } from "@/api/flags";
import { conflictOf } from "@/api/problem";
import type { Flag } from "@/api/types";
import { CheckboxField } from "@/components/form/checkbox-field";
import { descriptionSchema, optionalNameSchema } from "@/components/form/schemas";
import { TagsField } from "@/components/form/tags-field";
import { TextAreaField } from "@/components/form/text-area-field";
import { TextField } from "@/components/form/text-field";
import { FormDialog } from "@/components/form-dialog";
import { useRefusal } from "@/domain/access/use-refusal";
import { changedFields, mergeFields } from "@/domain/drafts/fields";
import { useDraft } from "@/domain/drafts/use-draft";
import { useDraftForm } from "@/domain/drafts/use-draft-form";
import { FieldConflict } from "@/domain/review/field-conflict";
import { useProductions } from "@/domain/use-productions";
import { messages } from "./messages";
import { readMetadata, writeMetadata } from "./metadata";
import { ReviewFlag } from "./review-flag";
import type { GuardedChange } from "./use-flag-change";
import { useFlagChange } from "./use-flag-change";

export interface EditFlagDialogProps {
  org: string;
  project: string;
  flag: Flag;
  onClose: () => void;
}

const SCHEMA = z.object({
  name: optionalNameSchema,
  description: descriptionSchema,
  tags: z.array(z.string()),
  clientVisible: z.boolean(),
  track: z.boolean(),
  metadata: z.string().superRefine((text, refinement) => {
    const read = readMetadata(text);
    if (!read.ok)
      refinement.addIssue({ code: "custom", message: messages.edit.metadataFaults[read.fault](read.line) });
  }),
});
type Fields = z.infer<typeof SCHEMA>;

function fieldsOf({ name, description, tags, clientVisible, track, metadata }: Flag): Fields {
  return { name, description, tags, clientVisible, track, metadata: writeMetadata(metadata) };
}

/** A change as the hub takes it. */
function changeOf({ metadata, ...change }: Partial<Fields>): FlagChange {
  const read = metadata === undefined ? null : readMetadata(metadata);
  return read?.ok ? { ...change, metadata: read.metadata } : change;
}

export function EditFlagDialog({ org, project, flag, onClose }: EditFlagDialogProps) {
  const draft = useDraft({
    id: `flag/${org}/${project}/${flag.key}`,
    held: fieldsOf(flag),
    version: flag.version,
    merge: mergeFields<Fields>,
    follows: true,
  });
  const close = () => {
    draft.discard();
    onClose();
  };
  const unserved = useRefusal(["flag.update", "targeting.update"], { project });
  const productions = useProductions({ org, project });
  const change = useFlagChange({ org, project, flag: flag.key });
  const [asked, setAsked] = useState<GuardedChange | null>(null);
  const error = conflictOf(change.error) ? null : change.error;
  const form = useDraftForm(SCHEMA, draft, error);
  const submit = (values: Fields) => {
    const changed = changedFields(draft.base, values);
    if (Object.keys(changed).length === 0) return close();
    const wanted = { ...changeOf(changed), version: draft.version };
    // A name or a tag changes nothing for anybody's application.
    const served = changed.clientVisible !== undefined || changed.track !== undefined;
    if (served && productions.length > 0) setAsked(wanted);
    else change.mutate(wanted, { onSuccess: close });
  };
  if (asked && !draft.theirs) {
    return (
      <ReviewFlag
        flag={flag}
        asked={{ ...asked, version: draft.version }}
        productions={productions}
        change={change}
        onSaved={close}
        onClose={() => setAsked(null)}
      />
    );
  }
  return (
    <FormDialog
      form={form}
      title={messages.edit.title}
      action={messages.save}
      busy={change.isPending}
      error={error}
      blocked={draft.blocked || (draft.value.clientVisible !== flag.clientVisible && unserved)}
      changed={draft.isChanged}
      onSubmit={submit}
      onClose={close}
    >
      <FieldConflict draft={draft} />
      <TextField control={form.control} name="name" label={messages.name} maxLength={200} />
      <TextAreaField
        control={form.control}
        name="description"
        label={messages.description}
        optional
        maxLength={2000}
      />
      <TagsField control={form.control} name="tags" />
      <CheckboxField
        control={form.control}
        name="clientVisible"
        label={messages.available}
        help={messages.availableHelp}
      />
      <CheckboxField
        control={form.control}
        name="track"
        label={messages.edit.track}
        help={messages.edit.trackHelp}
      />
      <TextAreaField
        control={form.control}
        name="metadata"
        label={messages.edit.metadata}
        help={messages.edit.metadataHelp}
        placeholder={messages.edit.metadataExample}
        optional
        rows={3}
        className="font-mono"
        spellCheck={false}
      />
    </FormDialog>
  );
}
