import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import type { NewRole } from "@/api/access";
import { createRole } from "@/api/access";
import { permissionsQuery } from "@/api/access-queries";
import { keys } from "@/api/queries";
import type { CustomRole } from "@/api/types";
import { descriptionSchema, nameSchema } from "@/components/form/schemas";
import { SelectField } from "@/components/form/select-field";
import { TextAreaField } from "@/components/form/text-area-field";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { roleName } from "@/domain/access/role-name";
import { paths } from "@/paths";
import { messages as frame } from "../frame/messages";
import { messages } from "./messages";

const SCHEMA = z.object({ name: nameSchema, description: descriptionSchema, from: z.string() });
type Fields = z.infer<typeof SCHEMA>;

export interface CreateRoleDialogProps {
  org: string;
  roles: readonly CustomRole[];
  /** The role to copy. */
  from?: CustomRole | undefined;
  onClose: () => void;
}

/** Makes a role, with the permissions of another one to start with. */
export function CreateRoleDialog({ org, roles, from, onClose }: CreateRoleDialogProps) {
  const navigate = useNavigate();
  const table = useQuery(permissionsQuery);
  const create = useMutation({
    mutationFn: (role: NewRole) => createRole(org, role),
    meta: { awaits: [keys.access(org)] },
    onSuccess: async ({ id }) => {
      await navigate({ to: paths.role, params: { org, role: id } });
      onClose();
    },
  });
  const form = useAppForm<Fields>(
    SCHEMA,
    {
      name: from ? messages.copyOf(roleName(from)) : "",
      description: from?.description ?? "",
      from: from?.id ?? "viewer",
    },
    create.error,
  );
  const submit = ({ name, description, from: id }: Fields) => {
    const allowed =
      table.data?.items.filter(({ inCustomRoles }) => inCustomRoles).map(({ key }) => key) ?? [];
    const copied = roles.find((role) => role.id === id)?.permissions ?? [];
    create.mutate({ name, description, permissions: copied.filter((key) => allowed.includes(key)) });
  };
  return (
    <FormDialog
      form={form}
      title={messages.createTitle}
      className="max-w-md"
      action={messages.create}
      busy={create.isPending || table.isPending}
      error={create.error ?? table.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="name"
        label={frame.name}
        autoFocus
        placeholder={messages.example}
        maxLength={200}
      />
      <TextAreaField
        control={form.control}
        name="description"
        label={frame.description}
        optional
        maxLength={2000}
      />
      <SelectField
        control={form.control}
        name="from"
        label={messages.startFrom}
        options={[
          ...roles.map((role) => ({ value: role.id, label: roleName(role) })),
          { value: "", label: messages.nothing },
        ]}
      />
    </FormDialog>
  );
}
