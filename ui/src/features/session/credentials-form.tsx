import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { formError, Problem } from "@/api/problem";
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
  code: z.string(),
});

export interface CredentialsFormProps {
  email?: string;
  onSignedIn: (session: Session) => void;
}

/** Email and password and, once the hub asks for it, the code of the second factor. */
export function CredentialsForm({ email: known = "", onSignedIn }: CredentialsFormProps) {
  const client = useQueryClient();
  const [needsCode, setNeedsCode] = useState(false);
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      client.setQueryData(keys.session, session);
      onSignedIn(session);
    },
  });
  const form = useAppForm(SCHEMA, { email: known, password: "", code: "" }, enter.error);
  const submit = form.handleSubmit(({ code, ...values }) =>
    enter.mutate(needsCode ? { ...values, code: code.trim() } : values, {
      onError: (error) => {
        const asked = error instanceof Problem && error.code === "second_factor_required";
        form.resetField(asked ? "code" : "password");
        setNeedsCode(asked);
      },
    }),
  );
  // Being asked for a code is the next step, and only after one was sent a failure.
  const failed = needsCode && !enter.variables?.code ? undefined : enter.error;
  return (
    <form noValidate onSubmit={submit} className="space-y-4">
      <FormAlert message={formError(failed, ["/email", "/password"])} />
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
      {needsCode && (
        <TextField
          control={form.control}
          name="code"
          label={messages.code}
          help={messages.codeHelp}
          autoComplete="one-time-code"
          autoFocus
          maxLength={64}
          className="font-mono"
        />
      )}
      <Button type="submit" look="primary" size="lg" busy={enter.isPending} className="w-full">
        {messages.signIn}
      </Button>
    </form>
  );
}
