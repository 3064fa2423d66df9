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
import { messages } from "./messages";

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
      <Dialog
        open
        sticky
        onOpenChange={onClose}
        title={messages.created.title(created.name)}
        className="max-w-xl"
      >
        <SecretList
          secrets={created.keys
            .filter((item) => item.kind === "server")
            .map((item) => ({ label: messages.created.serverKey(item.environment), secret: item.secret }))}
        />
        <p className="mt-3 text-xs text-muted">{messages.created.clientKeys}</p>
        <DialogActions>
          <Button look="primary" onClick={proceed}>
            {messages.created.done}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <FormDialog
      form={form}
      title={messages.dialog.title}
      description={messages.dialog.description}
      className="max-w-md"
      action={messages.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={(named) => create.mutate(named)}
      onClose={onClose}
    >
      <NamedFields form={form} placeholder={messages.dialog.example} help={messages.dialog.keyHelp} />
    </FormDialog>
  );
}
