import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { fieldError, formError } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { createKey } from "@/api/projects";
import { keys } from "@/api/queries";
import type { KeyKind } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { OriginsField, readOrigins } from "./origins-field";
import { SecretDialog } from "./secret-dialog";

export interface CreateKeyDialogProps {
  scope: EnvironmentScope;
  kind: KeyKind;
  onClose: () => void;
}

export function CreateKeyDialog({ scope, kind, onClose }: CreateKeyDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState("");
  const create = useMutation({
    mutationFn: () => createKey(scope, { kind, name: name.trim(), origins: readOrigins(origins) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.environment(scope) });
      if (kind === "client") onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  if (create.data && kind === "server") {
    return <SecretDialog name={create.data.name} secret={create.data.secret} onClose={onClose} />;
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Create a ${kind} key`}
      className="max-w-md"
    >
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(create.error, ["/name", "/origins"])} />
        <Field label="Name" help="What will use it." error={fieldError(create.error, "/name")}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={200}
              placeholder={kind === "server" ? "orders service" : "shop website"}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {kind === "client" && (
          <OriginsField value={origins} onChange={setOrigins} error={fieldError(create.error, "/origins")} />
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create key
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
