import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { createPasswordReset } from "@/api/operator";
import { CheckboxField } from "@/components/form/checkbox-field";
import { emailSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { messages } from "./messages";

const SCHEMA = z.object({ email: emailSchema, clearSecondFactor: z.boolean() });

/** Lets somebody in again who has forgotten their password, where no mail is sent or their second factor is lost. */
export function ResetDialog({ onClose }: { onClose: () => void }) {
  const create = useMutation({ mutationFn: createPasswordReset });
  const form = useAppForm<z.infer<typeof SCHEMA>>(
    SCHEMA,
    { email: "", clearSecondFactor: false },
    create.error,
  );
  if (create.data) {
    const { email } = create.variables;
    return (
      <Dialog open sticky onOpenChange={onClose} title={messages.reset.made(email)}>
        <SecretList secrets={[{ label: email, secret: create.data.link }]} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            {messages.reset.done}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <FormDialog
      form={form}
      title={messages.reset.title}
      description={messages.reset.help}
      className="max-w-md"
      action={messages.reset.submit}
      busy={create.isPending}
      error={create.error}
      onSubmit={(values) => create.mutate(values)}
      onClose={onClose}
    >
      <TextField control={form.control} name="email" label={messages.reset.email} autoFocus />
      <CheckboxField control={form.control} name="clearSecondFactor" label={messages.reset.clear} />
    </FormDialog>
  );
}
