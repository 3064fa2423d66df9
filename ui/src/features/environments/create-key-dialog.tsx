import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { createKey } from "@/api/projects";
import { keys } from "@/api/queries";
import type { KeyKind } from "@/api/types";
import { FormDialog } from "@/components/form-dialog";
import { NameField } from "@/components/name-field";
import { OriginsField, readOrigins } from "./origins-field";
import { SecretDialog } from "./secret-dialog";

export interface CreateKeyDialogProps {
  scope: EnvironmentScope;
  kind: KeyKind;
  onClose: () => void;
}

export function CreateKeyDialog({ scope, kind, onClose }: CreateKeyDialogProps) {
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState("");
  const create = useMutation({
    mutationFn: () => createKey(scope, { kind, name: name.trim(), origins: readOrigins(origins) }),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: () => {
      if (kind === "client") onClose();
    },
  });
  if (create.data && kind === "server") {
    return <SecretDialog name={create.data.name} secret={create.data.secret} onClose={onClose} />;
  }
  return (
    <FormDialog
      title={`Create a ${kind} key`}
      className="max-w-md"
      action="Create key"
      busy={create.isPending}
      error={create.error}
      shown={["/name", "/origins"]}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <NameField
        autoFocus
        help="What will use it."
        placeholder={kind === "server" ? "orders service" : "shop website"}
        value={name}
        onChange={setName}
        error={create.error}
      />
      {kind === "client" && (
        <OriginsField value={origins} onChange={setOrigins} error={fieldError(create.error, "/origins")} />
      )}
    </FormDialog>
  );
}
