import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { conflictOf } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { updateKey } from "@/api/projects";
import { keys } from "@/api/queries";
import type { SdkKey } from "@/api/types";
import { nameSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { FormDialog } from "@/components/form-dialog";
import { changedFields, mergeFields } from "@/domain/drafts/fields";
import { useDraft } from "@/domain/drafts/use-draft";
import { useDraftForm } from "@/domain/drafts/use-draft-form";
import { FieldConflict } from "@/domain/review/field-conflict";
import { messages } from "./messages";
import { OriginsField } from "./origins-field";

export interface KeyDialogProps {
  scope: EnvironmentScope;
  item: SdkKey;
  onClose: () => void;
}

const SCHEMA = z.object({ name: nameSchema, origins: z.array(z.string()) });
type Fields = z.infer<typeof SCHEMA>;

const fieldsOf = ({ name, origins }: SdkKey): Fields => ({ name, origins });

export function EditKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const client = useQueryClient();
  const draft = useDraft({
    id: `key/${item.id}`,
    held: fieldsOf(item),
    version: item.version,
    merge: mergeFields<Fields>,
    follows: true,
  });
  const close = () => {
    draft.discard();
    onClose();
  };
  const save = useMutation({
    mutationFn: (changed: Partial<Fields>) => updateKey(scope, item.id, changed, { version: draft.version }),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: close,
    onError: (error) => {
      const held = conflictOf<SdkKey>(error);
      if (!held) return;
      draft.overtaken(fieldsOf(held), held.version);
      void client.invalidateQueries({ queryKey: keys.environment(scope) });
    },
  });
  const error = conflictOf(save.error) ? null : save.error;
  const form = useDraftForm(SCHEMA, draft, error);
  const submit = (values: Fields) => {
    const changed = changedFields(draft.base, values);
    if (Object.keys(changed).length === 0) close();
    else save.mutate(changed);
  };
  return (
    <FormDialog
      form={form}
      title={messages.key.editTitle(item.name)}
      className="max-w-md"
      action={messages.key.save}
      busy={save.isPending}
      error={error}
      blocked={draft.blocked}
      changed={draft.isChanged}
      onSubmit={submit}
      onClose={close}
    >
      <FieldConflict draft={draft} />
      <TextField control={form.control} name="name" label={messages.key.name} autoFocus maxLength={200} />
      {item.kind === "client" && <OriginsField control={form.control} name="origins" />}
    </FormDialog>
  );
}
