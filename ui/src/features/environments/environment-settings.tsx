import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { formError } from "@/api/problem";
import type { EnvironmentScope } from "@/api/projects";
import { deleteEnvironment, updateEnvironment } from "@/api/projects";
import { keys } from "@/api/queries";
import type { Environment } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { CheckboxField } from "@/components/form/checkbox-field";
import { nameSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { placeOf } from "@/domain/access/holds";
import { useRefusal } from "@/domain/access/use-refusal";
import { SettingsForm } from "@/domain/settings/settings-form";
import { paths } from "@/paths";
import { ColorField } from "./color-field";
import { messages } from "./messages";

const SCHEMA = z.object({ name: nameSchema, color: z.string(), production: z.boolean() });

export interface EnvironmentSettingsProps {
  scope: EnvironmentScope;
  environment: Environment;
  /** It is the project's last. */
  only: boolean;
}

export function EnvironmentSettings({ scope, environment, only }: EnvironmentSettingsProps) {
  const navigate = useNavigate();
  const place = placeOf(scope);
  const refusal = useRefusal("environment.update", place);
  const keep = useRefusal("environment.delete", place);
  const [deleting, setDeleting] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteEnvironment(scope),
    meta: { invalidates: [keys.organization(scope.org)] },
    onSuccess: () => navigate({ to: paths.environments, params: { org: scope.org, project: scope.project } }),
  });
  return (
    <div className="max-w-2xl space-y-8">
      <Panel className="p-5">
        <SettingsForm
          id={`environment/${scope.org}/${scope.project}/${scope.environment}`}
          item={environment}
          fieldsOf={({ name, color, production }) => ({ name, color, production })}
          versionOf={({ edition }) => edition}
          schema={SCHEMA}
          update={(changed, guard) => updateEnvironment(scope, changed, guard)}
          invalidates={[keys.organization(scope.org)]}
          saved={messages.settings.saved}
          refusal={refusal}
        >
          {({ control }) => (
            <>
              <TextField control={control} name="name" label={messages.key.name} maxLength={200} />
              <ColorField control={control} name="color" />
              <CheckboxField
                control={control}
                name="production"
                label={messages.confirmation}
                help={messages.confirmationHelp}
              />
            </>
          )}
        </SettingsForm>
      </Panel>
      <Section title={messages.settings.delete} description={messages.settings.deleteHelp}>
        <Button
          look="danger"
          disabledReason={keep || (only && messages.settings.deleteOnly)}
          onClick={() => setDeleting(true)}
        >
          {messages.settings.deleteSubmit}
        </Button>
      </Section>
      {deleting && (
        <Confirm
          danger
          title={messages.settings.deleteTitle(environment.name)}
          description={messages.settings.deleteWarning}
          expected={environment.key}
          action={messages.settings.deleteSubmit}
          busy={remove.isPending}
          refused={formError(remove.error, [])}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}
