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

const ROLES: { role: Role; may: string }[] = [
  { role: "viewer", may: "reads everything" },
  { role: "editor", may: "changes flags and segments" },
  { role: "admin", may: "also projects, environments and keys" },
  { role: "owner", may: "may do everything" },
];
const LIFETIMES = [
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "A year" },
  { days: 0, label: "Never" },
];

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
      <Dialog open sticky onOpenChange={onClose} title={`${create.data.name} is ready`}>
        <SecretList secrets={[{ label: "API token", secret: create.data.token }]} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            I’ve saved it
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <FormDialog
      form={form}
      title="Create an API token"
      className="max-w-md"
      action="Create token"
      busy={create.isPending}
      error={create.error}
      onSubmit={(values) => create.mutate(values)}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="name"
        label="Name"
        autoFocus
        help="What will use it."
        placeholder="deploy pipeline"
      />
      <SelectField
        control={form.control}
        name="role"
        label="Role"
        options={ROLES.map(({ role, may }) => ({ value: role, label: `${role}: ${may}` }))}
      />
      <SelectField
        control={form.control}
        name="days"
        label="Expires in"
        options={LIFETIMES.map(({ days, label }) => ({ value: String(days), label }))}
      />
    </FormDialog>
  );
}
