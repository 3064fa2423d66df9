import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { fieldError } from "@/api/problem";
import { deleteProject, updateProject } from "@/api/projects";
import { keys, projectQuery } from "@/api/queries";
import { PageHeader } from "@/components/page-header";
import { TypeToConfirm } from "@/components/type-to-confirm";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { Panel, Section } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access";
import { SettingsForm } from "@/domain/settings/settings-form";
import { page, paths } from "@/paths";

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
          update={(changed, guard) => updateProject(scope, changed, guard)}
          invalidates={[keys.organization(scope.org)]}
          saved="Project saved"
          refusal={refusal}
          shown={["/description"]}
        >
          {(value, edit, error) => (
            <Field label="Description" optional error={fieldError(error, "/description")}>
              {(control) => (
                <Textarea
                  {...control}
                  maxLength={2000}
                  value={value.description}
                  onChange={(event) => edit({ description: event.target.value })}
                />
              )}
            </Field>
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
        <TypeToConfirm
          title={`Delete ${project.name}?`}
          expected={project.key}
          action="Delete project"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onCancel={() => setDeleting(false)}
        >
          {`This deletes ${project.flagCount} flags and ${project.segmentCount} segments in ${project.environments.length} environments. It cannot be undone.`}
        </TypeToConfirm>
      )}
    </div>
  );
}
