import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { keys } from "@/api/queries";
import type { ApiToken, Role } from "@/api/types";
import { nameSchema } from "@/components/form/schemas";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { messages as frame } from "../frame/messages";
import { messages } from "./messages";

/** In days; without one, the token never expires. */
const LIFETIMES = [30, 90, 365, 0];
const DAY_MS = 86_400_000;
const LIMITS = ["", "viewer", "editor", "admin"] as const;

const SCHEMA = z.object({ name: nameSchema, days: z.string(), atMost: z.enum(LIMITS) });
type Fields = z.infer<typeof SCHEMA>;

/** A token to make. */
export interface NewToken {
  name: string;
  expiresAt?: string;
  /** Limits a personal token. */
  atMost?: Role;
}

export interface CreateTokenDialogProps {
  org: string;
  /** It is one's own, and can be limited to less than one may do. */
  personal?: boolean;
  create: (token: NewToken) => Promise<ApiToken & { token: string }>;
  onClose: () => void;
}

/** Makes a token, and shows its secret this once. */
export function CreateTokenDialog({ org, personal = false, create, onClose }: CreateTokenDialogProps) {
  const made = useMutation({
    mutationFn: ({ name, days, atMost }: Fields) => {
      const lifetime = Number(days) * DAY_MS;
      return create({
        name,
        ...(lifetime > 0 ? { expiresAt: new Date(Date.now() + lifetime).toISOString() } : {}),
        ...(atMost ? { atMost } : {}),
      });
    },
    meta: { invalidates: [keys.access(org), keys.audit(org)] },
  });
  const form = useAppForm<Fields>(SCHEMA, { name: "", days: "90", atMost: "" }, made.error);
  if (made.data) {
    return (
      <Dialog open sticky onOpenChange={onClose} title={messages.created(made.data.name)}>
        <SecretList secrets={[{ label: messages.secret, secret: made.data.token }]} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            {messages.done}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <FormDialog
      form={form}
      title={messages.createTitle}
      className="max-w-md"
      action={messages.create}
      busy={made.isPending}
      error={made.error}
      onSubmit={(values) => made.mutate(values)}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="name"
        label={frame.name}
        autoFocus
        help={messages.nameHelp}
        placeholder={messages.nameExample}
        maxLength={200}
      />
      {personal && (
        <SelectField
          control={form.control}
          name="atMost"
          label={messages.limit}
          options={LIMITS.map((value) => ({ value, label: messages.limits[value] }))}
        />
      )}
      <SelectField
        control={form.control}
        name="days"
        label={messages.expiresIn}
        options={LIFETIMES.map((days) => ({ value: String(days), label: lifetimeName(days) }))}
      />
    </FormDialog>
  );
}

function lifetimeName(days: number): string {
  if (days === 0) return messages.never;
  return days === 365 ? messages.year : messages.days(days);
}
