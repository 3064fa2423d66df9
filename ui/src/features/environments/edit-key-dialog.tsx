import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { fieldError, formError } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { updateKey } from "@/api/projects";
import { keys } from "@/api/queries";
import type { SdkKey } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { OriginsField, readOrigins } from "./origins-field";

export interface KeyDialogProps {
  scope: EnvironmentScope;
  item: SdkKey;
  onClose: () => void;
}

export function EditKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState(item.name);
  const [origins, setOrigins] = useState(item.origins.join("\n"));
  const save = useMutation({
    mutationFn: () =>
      updateKey(scope, item.id, {
        name: name.trim(),
        ...(item.kind === "client" ? { origins: readOrigins(origins) } : {}),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.environment(scope) });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`Edit ${item.name}`} className="max-w-md">
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(save.error, ["/name", "/origins"])} />
        <Field label="Name" error={fieldError(save.error, "/name")}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {item.kind === "client" && (
          <OriginsField value={origins} onChange={setOrigins} error={fieldError(save.error, "/origins")} />
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={save.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
