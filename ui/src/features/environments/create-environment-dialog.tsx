import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { fieldError } from "@/api/problem";
import type { ProjectScope } from "@/api/projects";
import { createEnvironment } from "@/api/projects";
import { keys } from "@/api/queries";
import type { Environment } from "@/api/types";
import type { Named } from "@/components/form/named-fields";
import { NamedFields, namedSchema } from "@/components/form/named-fields";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { NativeSelect } from "@/components/ui/input";
import { paths } from "@/paths";
import { ColorChoice } from "./color-choice";
import { COLORS } from "./colors";

export interface CreateEnvironmentDialogProps {
  scope: ProjectScope;
  /** Those that there are, whose targeting it can start with. */
  environments: readonly Environment[];
  onClose: () => void;
}

export function CreateEnvironmentDialog({ scope, environments, onClose }: CreateEnvironmentDialogProps) {
  const navigate = useNavigate();
  const [color, setColor] = useState<string>(COLORS[2].value);
  const [production, setProduction] = useState(false);
  const [copyFrom, setCopyFrom] = useState("");
  const create = useMutation({
    mutationFn: (named: Named) =>
      createEnvironment(scope, {
        ...named,
        color,
        production,
        ...(copyFrom ? { copyFrom } : {}),
      }),
    meta: { awaits: [keys.organization(scope.org)] },
    onSuccess: (environment) =>
      navigate({ to: paths.environment, params: { ...scope, environment: environment.key } }),
  });
  const form = useAppForm(namedSchema, { name: "", key: "" }, create.error);
  return (
    <FormDialog
      title="Create an environment"
      description="All flags will be available in it."
      className="max-w-md"
      action="Create environment"
      busy={create.isPending}
      error={create.error}
      shown={["/name", "/key", "/copyFrom"]}
      onSubmit={form.handleSubmit((named) => create.mutate(named))}
      onClose={onClose}
    >
      <NamedFields form={form} placeholder="Quality assurance" />
      <Field label="Flags start" error={fieldError(create.error, "/copyFrom")}>
        {(control) => (
          <NativeSelect
            {...control}
            className="w-full"
            value={copyFrom}
            onChange={(event) => setCopyFrom(event.target.value)}
          >
            <option value="">turned off, with no targeting</option>
            {environments.map((environment) => (
              <option key={environment.id} value={environment.key}>
                as they are in {environment.name}
              </option>
            ))}
          </NativeSelect>
        )}
      </Field>
      <ColorChoice value={color} onChange={setColor} />
      <Checkbox
        checked={production}
        onCheckedChange={setProduction}
        label="Changes must be confirmed"
        help="For production: a toggle or save first shows what it changes."
      />
    </FormDialog>
  );
}
