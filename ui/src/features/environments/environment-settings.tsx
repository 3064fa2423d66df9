import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { toast } from "sonner";
import { conflictOf, fieldError, formError } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { deleteEnvironment, updateEnvironment } from "@/api/projects";
import { keys } from "@/api/queries";
import type { Environment } from "@/api/types";
import { paths } from "@/app/paths";
import { FormAlert } from "@/components/form-alert";
import { TypeToConfirm } from "@/components/type-to-confirm";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, Section } from "@/components/ui/panel";
import { FieldConflict } from "@/features/history/field-conflict";
import { useRefusal } from "@/features/session/access";
import { trimmed } from "@/lib/field-draft";
import { useFieldDraft } from "@/lib/use-field-draft";
import { ColorChoice } from "./color-choice";

export interface EnvironmentSettingsProps {
  scope: EnvironmentScope;
  environment: Environment;
  /** It is the project's last. */
  only: boolean;
}

type Fields = Pick<Environment, "name" | "color" | "production">;
interface Save {
  fields: Fields;
  changed: Partial<Fields>;
  version: number;
}

const fieldsOf = ({ name, color, production }: Environment): Fields => ({ name, color, production });

export function EnvironmentSettings({ scope, environment, only }: EnvironmentSettingsProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const refusal = useRefusal("admin");
  const draft = useFieldDraft(fieldsOf(environment), environment.edition);
  const { value, edit, changed } = draft;
  const [deleting, setDeleting] = useState(false);
  const save = useMutation({
    mutationFn: (sent: Save) => updateEnvironment(scope, trimmed(sent.changed), { version: sent.version }),
    onSuccess: async (saved, sent) => {
      draft.saved(sent.fields, fieldsOf(saved), saved.edition);
      await client.invalidateQueries({ queryKey: keys.organization(scope.org) });
      toast.success("Environment saved");
    },
    onError: (error) => {
      const held = conflictOf<Environment>(error);
      if (held) draft.overtaken(fieldsOf(held), held.edition);
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteEnvironment(scope),
    onSuccess: async () => {
      await navigate({ to: paths.environments, params: { org: scope.org, project: scope.project } });
      await client.invalidateQueries({ queryKey: keys.organization(scope.org) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ fields: value, changed, version: draft.version });
  };
  const unchanged = Object.keys(changed).length === 0;
  return (
    <Section title="Settings">
      <Panel className="p-4 sm:p-5">
        <form onSubmit={submit} className="max-w-md space-y-4">
          <FieldConflict draft={draft} />
          <FormAlert message={conflictOf(save.error) ? null : formError(save.error, ["/name", "/color"])} />
          <Field label="Name" error={fieldError(save.error, "/name")}>
            {(control) => (
              <Input
                {...control}
                required
                maxLength={200}
                value={value.name}
                onChange={(event) => edit({ name: event.target.value })}
              />
            )}
          </Field>
          <ColorChoice value={value.color} onChange={(color) => edit({ color })} />
          <Checkbox
            checked={value.production}
            onCheckedChange={(production) => edit({ production })}
            label="Changes must be confirmed"
            help="A toggle or save here first shows what it changes."
          />
          <div className="flex gap-2">
            <Button
              type="submit"
              look="primary"
              busy={save.isPending}
              disabledReason={
                refusal ||
                (unchanged && "Nothing has changed yet.") ||
                (draft.theirs && "Decide above what to keep.")
              }
            >
              Save
            </Button>
            <Button
              className="text-danger"
              disabledReason={refusal || (only && "A project needs at least one environment.")}
              onClick={() => setDeleting(true)}
            >
              Delete environment…
            </Button>
          </div>
        </form>
      </Panel>
      {deleting && (
        <TypeToConfirm
          title={`Delete ${environment.name}?`}
          expected={environment.key}
          action="Delete environment"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onCancel={() => setDeleting(false)}
        >
          Its keys and every flag’s targeting there go with it, and whatever is connected is cut off.
        </TypeToConfirm>
      )}
    </Section>
  );
}
