import type { QueryKey } from "@tanstack/react-query";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { toast } from "sonner";
import { conflictOf, formError } from "@/api/problem";
import { FormAlert } from "@/components/form-alert";
import { NameField } from "@/components/name-field";
import { Button } from "@/components/ui/button";
import { changedFields, mergeFields, trimmed } from "@/domain/drafts/fields";
import { useDraft } from "@/domain/drafts/use-draft";
import { FieldConflict } from "@/domain/review/field-conflict";

export interface SettingsFormProps<Item, Fields extends { name: string }> {
  /** Names the item, for its draft. */
  id: string;
  item: Item;
  /** What is edited of it, and of which version that is. */
  fieldsOf: (item: Item) => Fields;
  versionOf: (item: Item) => number;
  update: (changed: Partial<Fields>, guard: { version: number; base: Fields }) => Promise<Item>;
  /** What shows the item elsewhere. */
  invalidates: readonly QueryKey[];
  /** What is said once it is saved. */
  saved: string;
  /** Why whoever is signed in may not save. */
  refusal: string | null | undefined;
  /** The members that have fields of their own, beside the name. */
  shown: readonly string[];
  className?: string;
  /** The fields below the name. */
  children?: (value: Fields, edit: (part: Partial<Fields>) => void, error: unknown) => ReactNode;
  /** What stands beside the button that saves. */
  beside?: ReactNode;
}

/** Edits the settings of something that has a name and that others may change meanwhile. */
export function SettingsForm<Item, Fields extends { name: string }>({
  id,
  item,
  fieldsOf,
  versionOf,
  update,
  invalidates,
  saved,
  refusal,
  shown,
  className = "",
  children,
  beside,
}: SettingsFormProps<Item, Fields>) {
  const draft = useDraft({
    id,
    held: fieldsOf(item),
    version: versionOf(item),
    merge: mergeFields<Fields>,
    follows: true,
  });
  const { value, edit, version } = draft;
  const changed = changedFields(draft.base, value);
  const save = useMutation({
    mutationFn: (sent: { fields: Fields; changed: Partial<Fields>; version: number; base: Fields }) =>
      update(trimmed(sent.changed), { version: sent.version, base: sent.base }),
    meta: { invalidates },
    onSuccess: (answer, sent) => {
      draft.saved(sent.fields, fieldsOf(answer), versionOf(answer));
      toast.success(saved);
    },
    onError: (error) => {
      const held = conflictOf<Item>(error);
      if (held) draft.overtaken(fieldsOf(held), versionOf(held));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ fields: value, changed, version, base: draft.base });
  };
  const unchanged = Object.keys(changed).length === 0;
  return (
    <form onSubmit={submit} className={`space-y-4 ${className}`}>
      <FieldConflict draft={draft} />
      <FormAlert message={conflictOf(save.error) ? null : formError(save.error, ["/name", ...shown])} />
      <NameField
        value={value.name}
        onChange={(name) => edit({ name } as Partial<Fields>)}
        error={save.error}
      />
      {children?.(value, edit, save.error)}
      <div className="flex gap-2">
        <Button
          type="submit"
          look="primary"
          busy={save.isPending}
          disabledReason={refusal || (unchanged && "There are no changes to save.") || draft.blocked}
        >
          Save
        </Button>
        {beside}
      </div>
    </form>
  );
}
