import { z } from "zod";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { messages } from "./messages";

const SCHEMA = z.object({
  password: z.string().min(1, { error: () => messages.passwordMissing }),
  code: z
    .string()
    .trim()
    .min(1, { error: () => messages.codeMissing }),
});

export interface ShowFactorDialogProps {
  title: string;
  lead: string;
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (values: z.infer<typeof SCHEMA>) => void;
  onClose: () => void;
}

/** Asks for the password and a code, before what concerns the second factor itself. */
export function ShowFactorDialog({ title, lead, error, ...rest }: ShowFactorDialogProps) {
  const form = useAppForm(SCHEMA, { password: "", code: "" }, error);
  return (
    <FormDialog
      form={form}
      title={title}
      description={lead}
      className="max-w-md"
      error={error}
      changed={false}
      {...rest}
    >
      <TextField
        control={form.control}
        name="password"
        label={messages.password}
        type="password"
        autoComplete="current-password"
        autoFocus
      />
      <TextField
        control={form.control}
        name="code"
        label={messages.code}
        help={messages.factor.enterCode}
        autoComplete="one-time-code"
        maxLength={64}
        className="font-mono"
      />
    </FormDialog>
  );
}
