import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { createToken } from "@/api/organizations";
import { fieldError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { Role } from "@/api/types";
import { FormDialog } from "@/components/form-dialog";
import { NameField } from "@/components/name-field";
import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { NativeSelect } from "@/components/ui/input";

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

export function CreateTokenDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [days, setDays] = useState(90);
  const create = useMutation({
    mutationFn: () => {
      const expires = days > 0 ? { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() } : {};
      return createToken(org, { name: name.trim(), role, ...expires });
    },
    meta: { invalidates: [keys.organization(org)] },
  });
  if (create.data) {
    return (
      <Dialog open sticky onOpenChange={onClose} title={`${create.data.name} is ready`}>
        <SecretList secrets={[{ label: "API token", secret: create.data.token }]} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            I have stored it
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title="Create an API token"
      className="max-w-md"
      action="Create token"
      busy={create.isPending}
      error={create.error}
      shown={["/name", "/role", "/expiresAt"]}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <NameField
        autoFocus
        help="What will use it."
        placeholder="deploy pipeline"
        value={name}
        onChange={setName}
        error={create.error}
      />
      <Field label="Role" error={fieldError(create.error, "/role")}>
        {(control) => (
          <NativeSelect
            {...control}
            className="w-full"
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
          >
            {ROLES.map((item) => (
              <option key={item.role} value={item.role}>
                {item.role}: {item.may}
              </option>
            ))}
          </NativeSelect>
        )}
      </Field>
      <Field label="Expires in" error={fieldError(create.error, "/expiresAt")}>
        {(control) => (
          <NativeSelect
            {...control}
            className="w-full"
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            {LIFETIMES.map((item) => (
              <option key={item.days} value={item.days}>
                {item.label}
              </option>
            ))}
          </NativeSelect>
        )}
      </Field>
    </FormDialog>
  );
}
