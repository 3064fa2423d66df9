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
import { useRefusal } from "@/domain/access";
import { SettingsForm } from "@/domain/settings/settings-form";
import { page, paths } from "@/paths";

const SCHEMA = z.object({ name: nameSchema, description: descriptionSchema });

export function ProjectSettingsPage() {
  const scope = useParams({ from: page(paths.projectSettings) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const client = useQueryClient();
  const navigate = useNavigate();
  const refusal = useRefusal("admin");
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
      <PageHeader title="Project settings" beside={<code className="font-mono">{project.key}</code>} />
      <Panel className="p-5">
        <SettingsForm
          id={`project/${scope.org}/${scope.project}`}
          item={project}
          fieldsOf={({ name, description }) => ({ name, description })}
          versionOf={({ version }) => version}
          schema={SCHEMA}
          update={(changed, guard) => updateProject(scope, changed, guard)}
          invalidates={[keys.organization(scope.org)]}
          saved="Project saved"
          refusal={refusal}
        >
          {({ control }) => (
            <>
              <TextField control={control} name="name" label="Name" maxLength={200} />
              <TextAreaField
                control={control}
                name="description"
                label="Description"
                optional
                maxLength={2000}
              />
            </>
          )}
        </SettingsForm>
      </Panel>
      <Section
        title="Delete this project"
        description="This deletes its environments, flags, segments and keys, and disconnects all applications."
      >
        <Button look="danger" disabledReason={refusal} onClick={() => setDeleting(true)}>
          Delete project
        </Button>
      </Section>
      {deleting && (
        <Confirm
          danger
          title={`Delete ${project.name}?`}
          description={`This deletes ${project.flagCount} flags and ${project.segmentCount} segments in ${project.environments.length} environments. It cannot be undone.`}
          expected={project.key}
          action="Delete project"
          busy={remove.isPending}
          refused={formError(remove.error, [])}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}
