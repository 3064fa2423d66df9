import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { fieldError, formError } from "@/api/problem";
import type { ProjectScope } from "@/api/projects";
import { createEnvironment } from "@/api/projects";
import { keys } from "@/api/queries";
import type { Environment } from "@/api/types";
import { paths } from "@/app/paths";
import { FormAlert } from "@/components/form-alert";
import { KeyField } from "@/components/key-field";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, NativeSelect } from "@/components/ui/input";
import { slug } from "@/lib/slug";
import { ColorChoice } from "./color-choice";
import { COLORS } from "./colors";

export interface CreateEnvironmentDialogProps {
  scope: ProjectScope;
  /** Those that there are, whose targeting it can start with. */
  environments: readonly Environment[];
  onClose: () => void;
}

export function CreateEnvironmentDialog({ scope, environments, onClose }: CreateEnvironmentDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [ownKey, setOwnKey] = useState<string | null>(null);
  const [color, setColor] = useState<string>(COLORS[2].value);
  const [production, setProduction] = useState(false);
  const [copyFrom, setCopyFrom] = useState("");
  const key = ownKey ?? slug(name);
  const create = useMutation({
    mutationFn: () =>
      createEnvironment(scope, {
        key,
        name: name.trim(),
        color,
        production,
        ...(copyFrom ? { copyFrom } : {}),
      }),
    onSuccess: async (environment) => {
      await client.invalidateQueries({ queryKey: keys.organization(scope.org) });
      await navigate({ to: paths.environment, params: { ...scope, environment: environment.key } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Create an environment"
      description="Every flag exists there at once."
      className="max-w-md"
    >
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(create.error, ["/name", "/key"])} />
        <Field label="Name" error={fieldError(create.error, "/name")}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={200}
              placeholder="Quality assurance"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <KeyField value={key} onChange={setOwnKey} error={fieldError(create.error, "/key")} />
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
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create environment
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
