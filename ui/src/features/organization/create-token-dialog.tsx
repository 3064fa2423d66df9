import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { createToken } from "@/api/organizations";
import { keys } from "@/api/queries";
import type { Role } from "@/api/types";
import { nameSchema } from "@/components/form/schemas";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { messages } from "./messages";

const ROLES: readonly Role[] = ["viewer", "editor", "admin", "owner"];
/** In days; none is for ever. */
const LIFETIMES = [30, 90, 365, 0];

const SCHEMA = z.object({
  name: nameSchema,
  role: z.enum(["viewer", "editor", "admin", "owner"]),
  days: z.string(),
});

export function CreateTokenDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const create = useMutation({
    mutationFn: ({ name, role, days }: z.infer<typeof SCHEMA>) => {
      const lifetime = Number(days) * 86_400_000;
      const expires = lifetime > 0 ? { expiresAt: new Date(Date.now() + lifetime).toISOString() } : {};
      return createToken(org, { name, role, ...expires });
    },
    meta: { invalidates: [keys.organization(org)] },
  });
  const form = useAppForm<z.infer<typeof SCHEMA>>(
    SCHEMA,
    { name: "", role: "editor", days: "90" },
    create.error,
  );
  if (create.data) {
    return (
      <Dialog open sticky onOpenChange={onClose} title={messages.createToken.created(create.data.name)}>
        <SecretList secrets={[{ label: messages.createToken.secret, secret: create.data.token }]} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            {messages.createToken.done}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <FormDialog
      form={form}
      title={messages.createToken.title}
      className="max-w-md"
      action={messages.tokens.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={(values) => create.mutate(values)}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="name"
        label={messages.name}
        autoFocus
        help={messages.createToken.nameHelp}
        placeholder={messages.createToken.nameExample}
      />
      <SelectField
        control={form.control}
        name="role"
        label={messages.role}
        options={ROLES.map((role) => ({ value: role, label: messages.createToken.roles[role] }))}
      />
      <SelectField
        control={form.control}
        name="days"
        label={messages.createToken.expiresIn}
        options={LIFETIMES.map((days) => ({ value: String(days), label: lifetime(days) }))}
      />
    </FormDialog>
  );
}

function lifetime(days: number): string {
  if (days === 0) return messages.createToken.never;
  return days === 365 ? messages.createToken.year : messages.createToken.days(days);
}
