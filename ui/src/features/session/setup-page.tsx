import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { fieldError, formError } from "@/api/problem";
import { keys } from "@/api/queries";
import { completeSetup } from "@/api/session";
import { FormAlert } from "@/components/form-alert";
import { FrontPage } from "@/components/front-page";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { paths } from "@/paths";

const FIELDS = [
  {
    name: "code",
    pointer: "/code",
    label: "Setup code",
    type: "text",
    help: "The hub printed it when it started. It works once.",
    complete: "one-time-code",
  },
  { name: "name", pointer: "/name", label: "Your name", type: "text", help: undefined, complete: "name" },
  { name: "email", pointer: "/email", label: "E-mail", type: "email", help: undefined, complete: "username" },
  {
    name: "password",
    pointer: "/password",
    label: "Password",
    type: "password",
    help: "At least 10 characters; long beats complicated.",
    complete: "new-password",
  },
  {
    name: "organization",
    pointer: "/organization",
    label: "Organisation",
    type: "text",
    help: "Your company or team. Projects and members live in it.",
    complete: "organization",
  },
] as const;

const EMPTY = { code: "", name: "", email: "", password: "", organization: "" };

export function SetupPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form, setForm] = useState(EMPTY);
  const setup = useMutation({
    mutationFn: completeSetup,
    onSuccess: (session) => {
      client.setQueryData(keys.session, session);
      client.removeQueries({ queryKey: keys.setup });
      return navigate({ to: paths.home, replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { organization, ...owner } = form;
    setup.mutate({ ...owner, code: owner.code.trim(), organization: { name: organization } });
  };
  return (
    <FrontPage title="Set up Peek-a-boo" lead="You are the first one here: this makes you the owner.">
      <form onSubmit={submit} className="space-y-4">
        <FormAlert
          message={formError(
            setup.error,
            FIELDS.map((field) => field.pointer),
          )}
        />
        {FIELDS.map(({ name, pointer, label, type, help, complete }, index) => (
          <Field key={name} label={label} help={help} error={fieldError(setup.error, pointer)}>
            {(control) => (
              <Input
                {...control}
                type={type}
                required
                autoFocus={index === 0}
                autoComplete={complete}
                className={name === "code" ? "font-mono tracking-wide" : undefined}
                value={form[name]}
                onChange={(event) => setForm({ ...form, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Button type="submit" look="primary" size="lg" busy={setup.isPending} className="w-full">
          Create the organisation
        </Button>
      </form>
    </FrontPage>
  );
}
