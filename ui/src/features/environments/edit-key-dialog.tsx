import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { conflictOf, fieldError, formError } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { updateKey } from "@/api/projects";
import { keys } from "@/api/queries";
import type { SdkKey } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { FieldConflict } from "@/features/history/field-conflict";
import { trimmed } from "@/lib/field-draft";
import { same } from "@/lib/same";
import { useFieldDraft } from "@/lib/use-field-draft";
import { OriginsField, readOrigins } from "./origins-field";

export interface KeyDialogProps {
  scope: EnvironmentScope;
  item: SdkKey;
  onClose: () => void;
}

const fieldsOf = ({ name, origins }: SdkKey) => ({ name, origins });

export function EditKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const client = useQueryClient();
  const draft = useFieldDraft(fieldsOf(item), item.version);
  const { value, edit } = draft;
  // As it is typed; what it says of origins is in the draft, and what somebody else made of them is shown again.
  const [typed, setTyped] = useState(() => value.origins.join("\n"));
  const origins = same(readOrigins(typed), value.origins) ? typed : value.origins.join("\n");
  const save = useMutation({
    mutationFn: () => updateKey(scope, item.id, trimmed(draft.changed), { version: draft.version }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.environment(scope) });
      onClose();
    },
    onError: (error) => {
      const held = conflictOf<SdkKey>(error);
      if (!held) return;
      draft.overtaken(fieldsOf(held), held.version);
      void client.invalidateQueries({ queryKey: keys.environment(scope) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.theirs) return;
    if (Object.keys(draft.changed).length === 0) onClose();
    else save.mutate();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`Edit ${item.name}`} className="max-w-md">
      <form onSubmit={submit} className="space-y-4">
        <FieldConflict draft={draft} />
        <FormAlert message={conflictOf(save.error) ? null : formError(save.error, ["/name", "/origins"])} />
        <Field label="Name" error={fieldError(save.error, "/name")}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={200}
              value={value.name}
              onChange={(event) => edit({ name: event.target.value })}
            />
          )}
        </Field>
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
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            busy={save.isPending}
            disabledReason={draft.theirs && "Decide above what to keep."}
          >
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
