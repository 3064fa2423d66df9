import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { formError } from "@/api/problem";
import { deleteProject, updateProject } from "@/api/projects";
import { keys, projectQuery } from "@/api/queries";
import { Confirm } from "@/components/confirm";
import { descriptionSchema, nameSchema } from "@/components/form/schemas";
import { TextAreaField } from "@/components/form/text-area-field";
import { TextField } from "@/components/form/text-field";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access/use-refusal";
import { SettingsForm } from "@/domain/settings/settings-form";
import { page, paths } from "@/paths";
import { messages } from "./messages";

const SCHEMA = z.object({ name: nameSchema, description: descriptionSchema });

export function ProjectSettingsPage() {
  const scope = useParams({ from: page(paths.projectSettings) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const client = useQueryClient();
  const navigate = useNavigate();
  const place = { project: scope.project };
  const refusal = useRefusal("project.update", place);
  const keep = useRefusal("project.delete", place);
  const [deleting, setDeleting] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteProject(scope),
    meta: { invalidates: [keys.projects(scope.org)] },
    onSuccess: async () => {
      await navigate({ to: paths.organization, params: { org: scope.org } });
      client.removeQueries({ queryKey: keys.project(scope) });
    },
  });
  return (
    <div className="max-w-2xl space-y-8">
      <PageHeader title={messages.settings.title} beside={<code className="font-mono">{project.key}</code>} />
      <Panel className="p-5">
        <SettingsForm
          id={`project/${scope.org}/${scope.project}`}
          item={project}
          fieldsOf={({ name, description }) => ({ name, description })}
          versionOf={({ version }) => version}
          schema={SCHEMA}
          update={(changed, guard) => updateProject(scope, changed, guard)}
          invalidates={[keys.organization(scope.org)]}
          saved={messages.settings.saved}
          refusal={refusal}
        >
          {({ control }) => (
            <>
              <TextField control={control} name="name" label={messages.settings.name} maxLength={200} />
              <TextAreaField
                control={control}
                name="description"
                label={messages.settings.description}
                optional
                maxLength={2000}
              />
            </>
          )}
        </SettingsForm>
      </Panel>
      <Section title={messages.settings.delete} description={messages.settings.deleteHelp}>
        <Button look="danger" disabledReason={keep} onClick={() => setDeleting(true)}>
          {messages.settings.deleteSubmit}
        </Button>
      </Section>
      {deleting && (
        <Confirm
          danger
          title={messages.settings.deleteTitle(project.name)}
          description={messages.settings.deleteWarning({
            flags: project.flagCount,
            segments: project.segmentCount,
            environments: project.environments.length,
          })}
          expected={project.key}
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
