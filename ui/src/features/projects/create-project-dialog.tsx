import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { createProject } from "@/api/projects";
import { keys } from "@/api/queries";
import { NamedFields, namedSchema } from "@/components/form/named-fields";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { paths } from "@/paths";

export function CreateProjectDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (body: { name: string; key: string }) => createProject(org, body),
    meta: { invalidates: [keys.projects(org)] },
  });
  const form = useAppForm(namedSchema, { name: "", key: "" }, create.error);
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
            I’ve saved the keys
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <FormDialog
      form={form}
      title="Create a project"
      description="It comes with development, staging and production."
      className="max-w-md"
      action="Create project"
      busy={create.isPending}
      error={create.error}
      onSubmit={(named) => create.mutate(named)}
      onClose={onClose}
    >
      <NamedFields
        form={form}
        placeholder="Storefront"
        help="Used in URLs and the API. It can’t be changed later."
      />
    </FormDialog>
  );
}
