import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { fieldError, formError } from "@/api/problem";
import { keys } from "@/api/queries";
import { signIn } from "@/api/session";
import type { Session } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export interface CredentialsFormProps {
  email?: string;
  onSignedIn: (session: Session) => void;
}

export function CredentialsForm({ email: known = "", onSignedIn }: CredentialsFormProps) {
  const client = useQueryClient();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      client.setQueryData(keys.session, session);
      onSignedIn(session);
    },
    onError: () => setPassword(""),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate({ email, password });
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <FormAlert message={formError(enter.error, ["/email", "/password"])} />
      <Field label="E-mail" error={fieldError(enter.error, "/email")}>
        {(control) => (
          <Input
            {...control}
            type="email"
            required
            autoComplete="username"
            autoFocus={known === ""}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password" error={fieldError(enter.error, "/password")}>
        {(control) => (
          <Input
            {...control}
            type="password"
            required
            autoComplete="current-password"
            autoFocus={known !== ""}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" look="primary" size="lg" busy={enter.isPending} className="w-full">
        Sign in
      </Button>
    </form>
  );
}
