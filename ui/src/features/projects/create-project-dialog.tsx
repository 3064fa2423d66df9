import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { fieldError, formError } from "@/api/problem";
import { createProject } from "@/api/projects";
import { keys } from "@/api/queries";
import { paths } from "@/app/paths";
import { FormAlert } from "@/components/form-alert";
import { KeyField } from "@/components/key-field";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SecretList } from "@/features/environments/secret-list";
import { slug } from "@/lib/slug";

export function CreateProjectDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [ownKey, setOwnKey] = useState<string | null>(null);
  const key = ownKey ?? slug(name);
  const create = useMutation({
    mutationFn: (body: { name: string; key: string }) => createProject(org, body),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.projects(org) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), key });
  };
  const created = create.data;
  if (created) {
    const proceed = () =>
      void navigate({ to: paths.flags, params: { org, project: created.key }, search: {} });
    return (
      <Dialog open sticky onOpenChange={onClose} title={`${created.name} is ready`} className="max-w-xl">
        <SecretList
          secrets={created.keys
            .filter((item) => item.kind === "server")
            .map((item) => ({ label: `Server key for ${item.environment}`, secret: item.secret }))}
        />
        <p className="mt-3 text-xs text-muted">
          Client keys are public; you find them under Environments any time.
        </p>
        <DialogActions>
          <Button look="primary" onClick={proceed}>
            I have stored them, go on
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Create a project"
      description="It comes with development, staging and production."
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
              placeholder="Storefront"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <KeyField
          value={key}
          onChange={setOwnKey}
          error={fieldError(create.error, "/key")}
          help="Names the project in addresses. It never changes."
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create project
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
