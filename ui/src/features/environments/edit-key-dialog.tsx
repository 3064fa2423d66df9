import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { conflictOf, fieldError } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { updateKey } from "@/api/projects";
import { keys } from "@/api/queries";
import type { SdkKey } from "@/api/types";
import { FormDialog } from "@/components/form-dialog";
import { NameField } from "@/components/name-field";
import { changedFields, mergeFields, trimmed } from "@/domain/drafts/fields";
import { useDraft } from "@/domain/drafts/use-draft";
import { FieldConflict } from "@/domain/review/field-conflict";
import { same } from "@/lib/same";
import { OriginsField, readOrigins } from "./origins-field";

export interface KeyDialogProps {
  scope: EnvironmentScope;
  item: SdkKey;
  onClose: () => void;
}

const fieldsOf = ({ name, origins }: SdkKey) => ({ name, origins });

export function EditKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const client = useQueryClient();
  const draft = useDraft({
    id: `key/${item.id}`,
    held: fieldsOf(item),
    version: item.version,
    merge: mergeFields,
    follows: true,
  });
  const { value, edit } = draft;
  const changed = changedFields(draft.base, value);
  const close = () => {
    draft.discard();
    onClose();
  };
  // As it is typed; what it says of origins is in the draft, and what somebody else made of them is shown again.
  const [typed, setTyped] = useState(() => value.origins.join("\n"));
  const origins = same(readOrigins(typed), value.origins) ? typed : value.origins.join("\n");
  const save = useMutation({
    mutationFn: () => updateKey(scope, item.id, trimmed(changed), { version: draft.version }),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: close,
    onError: (error) => {
      const held = conflictOf<SdkKey>(error);
      if (!held) return;
      draft.overtaken(fieldsOf(held), held.version);
      void client.invalidateQueries({ queryKey: keys.environment(scope) });
    },
  });
  const submit = () => {
    if (Object.keys(changed).length === 0) close();
    else save.mutate();
  };
  return (
    <FormDialog
      title={`Edit ${item.name}`}
      className="max-w-md"
      action="Save"
      busy={save.isPending}
      error={conflictOf(save.error) ? null : save.error}
      shown={["/name", "/origins"]}
      blocked={draft.blocked}
      onSubmit={submit}
      onClose={close}
    >
      <FieldConflict draft={draft} />
      <NameField autoFocus value={value.name} onChange={(name) => edit({ name })} error={save.error} />
      {item.kind === "client" && (
        <OriginsField
          value={origins}
          onChange={(text) => {
            setTyped(text);
            edit({ origins: readOrigins(text) });
          }}
          error={fieldError(save.error, "/origins")}
        />
      )}
    </FormDialog>
  );
}
