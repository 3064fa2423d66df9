import { useMutation } from "@tanstack/react-query";
import { useController } from "react-hook-form";
import { z } from "zod";
import { fieldError } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { createKey } from "@/api/projects";
import { keys } from "@/api/queries";
import type { KeyKind } from "@/api/types";
import { nameSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { OriginsField, readOrigins } from "./origins-field";
import { SecretDialog } from "./secret-dialog";

export interface CreateKeyDialogProps {
  scope: EnvironmentScope;
  kind: KeyKind;
  onClose: () => void;
}

const SCHEMA = z.object({ name: nameSchema, origins: z.string() });

export function CreateKeyDialog({ scope, kind, onClose }: CreateKeyDialogProps) {
  const create = useMutation({
    mutationFn: ({ name, origins }: z.infer<typeof SCHEMA>) =>
      createKey(scope, { kind, name, origins: readOrigins(origins) }),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: () => {
      if (kind === "client") onClose();
    },
  });
  const form = useAppForm(SCHEMA, { name: "", origins: "" }, create.error);
  const origins = useController({ control: form.control, name: "origins" });
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
      onSubmit={form.handleSubmit((values) => create.mutate(values))}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="name"
        label="Name"
        autoFocus
        help="What will use it."
        placeholder={kind === "server" ? "orders service" : "shop website"}
      />
      {kind === "client" && (
        <OriginsField
          value={origins.field.value}
          onChange={origins.field.onChange}
          error={fieldError(create.error, "/origins")}
        />
      )}
    </FormDialog>
  );
}
