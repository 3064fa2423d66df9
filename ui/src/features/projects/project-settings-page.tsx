import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { toast } from "sonner";
import { conflictOf, fieldError, formError } from "@/api/problem";
import { deleteProject, updateProject } from "@/api/projects";
import { keys, projectQuery } from "@/api/queries";
import type { Project } from "@/api/types";
import { page, paths } from "@/app/paths";
import { FormAlert } from "@/components/form-alert";
import { PageHeader } from "@/components/page-header";
import { TypeToConfirm } from "@/components/type-to-confirm";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Panel, Section } from "@/components/ui/panel";
import { FieldConflict } from "@/features/history/field-conflict";
import { useRefusal } from "@/features/session/access";
import { trimmed } from "@/lib/field-draft";
import { useFieldDraft } from "@/lib/use-field-draft";

interface Fields {
  name: string;
  description: string;
}
interface Save {
  fields: Fields;
  changed: Partial<Fields>;
  version: number;
}

const fieldsOf = ({ name, description }: Project): Fields => ({ name, description });

export function ProjectSettingsPage() {
  const scope = useParams({ from: page(paths.projectSettings) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const client = useQueryClient();
  const navigate = useNavigate();
  const refusal = useRefusal("admin");
  const draft = useFieldDraft(fieldsOf(project), project.version);
  const { value, edit, changed } = draft;
  const [deleting, setDeleting] = useState(false);
  const save = useMutation({
    mutationFn: (sent: Save) => updateProject(scope, trimmed(sent.changed), { version: sent.version }),
    onSuccess: async (saved, sent) => {
      draft.saved(sent.fields, fieldsOf(saved), saved.version);
      await client.invalidateQueries({ queryKey: keys.organization(scope.org) });
      toast.success("Project saved");
    },
    onError: (error) => {
      const held = conflictOf<Project>(error);
      if (held) draft.overtaken(fieldsOf(held), held.version);
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteProject(scope),
    onSuccess: async () => {
      await navigate({ to: paths.organization, params: { org: scope.org } });
      client.removeQueries({ queryKey: keys.project(scope) });
      await client.invalidateQueries({ queryKey: keys.projects(scope.org) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ fields: value, changed, version: draft.version });
  };
  const unchanged = Object.keys(changed).length === 0;
  return (
    <div className="max-w-2xl space-y-8">
      <PageHeader
        title="Project settings"
        description={<code className="font-mono text-xs">{project.key}</code>}
      />
      <Panel className="p-5">
        <form onSubmit={submit} className="space-y-4">
          <FieldConflict draft={draft} />
          <FormAlert
            message={conflictOf(save.error) ? null : formError(save.error, ["/name", "/description"])}
          />
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
          <Field label="Description" optional error={fieldError(save.error, "/description")}>
            {(control) => (
              <Textarea
                {...control}
                maxLength={2000}
                value={value.description}
                onChange={(event) => edit({ description: event.target.value })}
              />
            )}
          </Field>
          <Button
            type="submit"
            look="primary"
            busy={save.isPending}
            disabledReason={
              refusal ??
              ((unchanged && "Nothing has changed yet.") || (draft.theirs && "Decide above what to keep."))
            }
          >
            Save
          </Button>
        </form>
      </Panel>
      <Section
        title="Delete this project"
        description="Its environments, flags, segments and keys go with it, and every application connected to it is cut off."
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
