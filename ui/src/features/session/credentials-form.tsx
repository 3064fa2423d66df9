import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import { signIn } from "@/api/session";
import type { Session } from "@/api/types";
import { emailSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { messages } from "./messages";

const SCHEMA = z.object({
  email: emailSchema,
  password: z.string().min(1, { error: () => messages.passwordMissing }),
});

export interface CredentialsFormProps {
  email?: string;
  onSignedIn: (session: Session) => void;
}

export function CredentialsForm({ email: known = "", onSignedIn }: CredentialsFormProps) {
  const client = useQueryClient();
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      client.setQueryData(keys.session, session);
      onSignedIn(session);
    },
  });
  const form = useAppForm(SCHEMA, { email: known, password: "" }, enter.error);
  return (
    <form
      noValidate
      onSubmit={form.handleSubmit((values) =>
        enter.mutate(values, { onError: () => form.resetField("password") }),
      )}
      className="space-y-4"
    >
      <FormAlert message={formError(enter.error, ["/email", "/password"])} />
      <TextField
        control={form.control}
        name="email"
        label={messages.email}
        type="email"
        autoComplete="username"
        autoFocus={known === ""}
      />
      <TextField
        control={form.control}
        name="password"
        label={messages.password}
        type="password"
        autoComplete="current-password"
        autoFocus={known !== ""}
      />
      <Button type="submit" look="primary" size="lg" busy={enter.isPending} className="w-full">
        {messages.signIn}
      </Button>
    </form>
  );
}
