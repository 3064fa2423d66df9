import type { QueryKey } from "@tanstack/react-query";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { toast } from "sonner";
import type { z } from "zod";
import { conflictOf } from "@/api/problem";
import { alertOf } from "@/components/form/alert";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import type { Reason } from "@/components/ui/reason";
import { changedFields, mergeFields } from "@/domain/drafts/fields";
import { useDraft } from "@/domain/drafts/use-draft";
import { useDraftForm } from "@/domain/drafts/use-draft-form";
import { FieldConflict } from "@/domain/review/field-conflict";
import { messages } from "./messages";

export interface SettingsFormProps<Item, Fields extends FieldValues> {
  /** Names the item, for its draft. */
  id: string;
  item: Item;
  /** What is edited of it, and of which version that is. */
  fieldsOf: (item: Item) => Fields;
  versionOf: (item: Item) => number;
  schema: z.ZodType<Fields, Fields>;
  update: (changed: Partial<Fields>, guard: { version: number; base: Fields }) => Promise<Item>;
  /** What shows the item elsewhere. */
  invalidates: readonly QueryKey[];
  /** What is said once it is saved. */
  saved: string;
  /** Why whoever is signed in may not save. */
  refusal: Reason;
  className?: string;
  /** The fields. */
  children: (form: UseFormReturn<Fields, unknown, Fields>) => ReactNode;
}

/** Edits the settings of something that others may change meanwhile. Unsaved changes are kept as a draft. */
export function SettingsForm<Item, Fields extends FieldValues>({
  id,
  item,
  fieldsOf,
  versionOf,
  schema,
  update,
  invalidates,
  saved,
  refusal,
  className = "",
  children,
}: SettingsFormProps<Item, Fields>) {
  const draft = useDraft({
    id,
    held: fieldsOf(item),
    version: versionOf(item),
    merge: mergeFields<Fields>,
    follows: true,
  });
  const save = useMutation({
    mutationFn: ({ changed, version, base }: Save<Fields>) => update(changed, { version, base }),
    meta: { invalidates },
    onSuccess: (answer, sent) => {
      draft.saved(sent.typed, fieldsOf(answer), versionOf(answer));
      toast.success(saved);
    },
    onError: (error) => {
      const held = conflictOf<Item>(error);
      if (held) draft.overtaken(fieldsOf(held), versionOf(held));
    },
  });
  const error = conflictOf(save.error) ? null : save.error;
  const form = useDraftForm(schema, draft, error);
  const submit = form.handleSubmit((values) => {
    const { value: typed, base, version } = draft;
    save.mutate({ typed, changed: changedFields(base, values), version, base });
  });
  return (
    <form noValidate onSubmit={submit} className={`space-y-4 ${className}`}>
      <FieldConflict draft={draft} />
      <FormAlert message={alertOf(form, error)} />
      {children(form)}
      <div className="flex gap-2">
        <Button
          type="submit"
          look="primary"
          busy={save.isPending}
          disabledReason={refusal || (!draft.isChanged && messages.unchanged) || draft.blocked}
        >
          {messages.save}
        </Button>
        {draft.isChanged && (
          <Button look="ghost" onClick={draft.discard}>
            {messages.discard}
          </Button>
        )}
      </div>
    </form>
  );
}

interface Save<Fields> {
  /** As it stood in the fields, to tell what was typed since. */
  typed: Fields;
  changed: Partial<Fields>;
  version: number;
  base: Fields;
}
