import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { createProject } from "@/api/projects";
import { keys } from "@/api/queries";
import { FormDialog } from "@/components/form-dialog";
import { NamedFields, useNamed } from "@/components/named-fields";
import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { paths } from "@/paths";

export function CreateProjectDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const navigate = useNavigate();
  const named = useNamed();
  const create = useMutation({
    mutationFn: (body: { name: string; key: string }) => createProject(org, body),
    meta: { invalidates: [keys.projects(org)] },
  });
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
    <FormDialog
      title="Create a project"
      description="It comes with development, staging and production."
      className="max-w-md"
      action="Create project"
      busy={create.isPending}
      error={create.error}
      shown={["/name", "/key"]}
      onSubmit={() => create.mutate({ name: named.name.trim(), key: named.key })}
      onClose={onClose}
    >
      <NamedFields
        named={named}
        error={create.error}
        placeholder="Storefront"
        help="Names the project in addresses. It never changes."
      />
    </FormDialog>
  );
}
