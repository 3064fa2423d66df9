import { z } from "zod";
import type { Described } from "@/api/access";
import { descriptionSchema, nameSchema } from "@/components/form/schemas";
import { TextAreaField } from "@/components/form/text-area-field";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { messages } from "./messages";

const SCHEMA = z.object({ name: nameSchema, description: descriptionSchema });

export interface DescribedDialogProps {
  title: string;
  action: string;
  example: string;
  /** What it is called and for what it is now; empty for a new one. */
  held?: Described;
  busy: boolean;
  error: unknown;
  onSubmit: (described: { name: string; description: string }) => void;
  onClose: () => void;
}

/** Names and describes a team, a role or a service account. */
export function DescribedDialog(props: DescribedDialogProps) {
  const { title, action, example, held, busy, error, onSubmit, onClose } = props;
  const form = useAppForm<z.infer<typeof SCHEMA>>(
    SCHEMA,
    { name: held?.name ?? "", description: held?.description ?? "" },
    error,
  );
  return (
    <FormDialog
      form={form}
      title={title}
      className="max-w-md"
      action={action}
      busy={busy}
      error={error}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="name"
        label={messages.name}
        autoFocus
        placeholder={example}
        maxLength={200}
      />
      <TextAreaField
        control={form.control}
        name="description"
        label={messages.description}
        optional
        maxLength={2000}
      />
    </FormDialog>
  );
}
