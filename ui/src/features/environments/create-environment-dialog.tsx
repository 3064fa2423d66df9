import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import type { ProjectScope } from "@/api/projects";
import { createEnvironment } from "@/api/projects";
import { keys } from "@/api/queries";
import type { Environment } from "@/api/types";
import { CheckboxField } from "@/components/form/checkbox-field";
import { NamedFields } from "@/components/form/named-fields";
import { keySchema, nameSchema } from "@/components/form/schemas";
import { SelectField } from "@/components/form/select-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { paths } from "@/paths";
import { ColorField } from "./color-field";
import { COLORS } from "./colors";
import { messages } from "./messages";

export interface CreateEnvironmentDialogProps {
  scope: ProjectScope;
  /** Those that there are, whose targeting it can start with. */
  environments: readonly Environment[];
  onClose: () => void;
}

const SCHEMA = z.object({
  name: nameSchema,
  key: keySchema,
  color: z.string(),
  production: z.boolean(),
  copyFrom: z.string(),
});

export function CreateEnvironmentDialog({ scope, environments, onClose }: CreateEnvironmentDialogProps) {
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: ({ copyFrom, ...fields }: z.infer<typeof SCHEMA>) =>
      createEnvironment(scope, { ...fields, ...(copyFrom ? { copyFrom } : {}) }),
    meta: { awaits: [keys.organization(scope.org)] },
    onSuccess: (environment) =>
      navigate({ to: paths.environment, params: { ...scope, environment: environment.key } }),
  });
  const form = useAppForm(
    SCHEMA,
    { name: "", key: "", color: COLORS[2].value, production: false, copyFrom: "" },
    create.error,
  );
  return (
    <FormDialog
      form={form}
      title={messages.dialog.title}
      description={messages.dialog.description}
      className="max-w-md"
      action={messages.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={(values) => create.mutate(values)}
      onClose={onClose}
    >
      <NamedFields form={form} placeholder={messages.dialog.example} />
      <SelectField
        control={form.control}
        name="copyFrom"
        label={messages.dialog.startFrom}
        options={[
          { value: "", label: messages.dialog.allOff },
          ...environments.map(({ key, name }) => ({ value: key, label: messages.dialog.copyOf(name) })),
        ]}
      />
      <ColorField control={form.control} name="color" />
      <CheckboxField
        control={form.control}
        name="production"
        label={messages.confirmation}
        help={messages.confirmationHelp}
      />
    </FormDialog>
  );
}
