import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import type { EnvironmentScope } from "@/api/projects";
import { createKey } from "@/api/projects";
import { keys } from "@/api/queries";
import type { KeyKind } from "@/api/types";
import { nameSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { messages } from "./messages";
import { OriginsField } from "./origins-field";
import { SecretDialog } from "./secret-dialog";

export interface CreateKeyDialogProps {
  scope: EnvironmentScope;
  kind: KeyKind;
  onClose: () => void;
}

const SCHEMA = z.object({ name: nameSchema, origins: z.array(z.string()) });

export function CreateKeyDialog({ scope, kind, onClose }: CreateKeyDialogProps) {
  const create = useMutation({
    mutationFn: ({ name, origins }: z.infer<typeof SCHEMA>) => createKey(scope, { kind, name, origins }),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: () => {
      if (kind === "client") onClose();
    },
  });
  const form = useAppForm(SCHEMA, { name: "", origins: [] }, create.error);
  if (create.data && kind === "server") {
    return <SecretDialog name={create.data.name} secret={create.data.secret} onClose={onClose} />;
  }
  return (
    <FormDialog
      form={form}
      title={messages.keys[kind].createTitle}
      className="max-w-md"
      action={messages.key.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={(values) => create.mutate(values)}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="name"
        label={messages.key.name}
        autoFocus
        help={messages.key.nameHelp}
        placeholder={messages.keys[kind].example}
      />
      {kind === "client" && <OriginsField control={form.control} name="origins" />}
    </FormDialog>
  );
}
