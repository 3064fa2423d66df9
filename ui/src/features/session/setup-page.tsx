import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import { completeSetup } from "@/api/session";
import { emailSchema, nameSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { FrontPage } from "@/components/front-page";
import { Button } from "@/components/ui/button";
import { paths } from "@/paths";
import { messages } from "./messages";
import { newPasswordSchema, PASSWORD_LENGTH } from "./new-password";

const FIELDS = [
  { name: "code", type: "text", complete: "one-time-code" },
  { name: "name", type: "text", complete: "name" },
  { name: "email", type: "email", complete: "username" },
  { name: "password", type: "password", complete: "new-password" },
  { name: "organization", type: "text", complete: "organization" },
] as const;

const POINTERS = FIELDS.map(({ name }) => `/${name}`);
const EMPTY = { code: "", name: "", email: "", password: "", organization: "" };
const SCHEMA = z.object({
  code: z
    .string()
    .trim()
    .min(1, { error: () => messages.setup.codeMissing }),
  name: nameSchema,
  email: emailSchema,
  password: newPasswordSchema,
  organization: nameSchema,
});

export function SetupPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const setup = useMutation({
    mutationFn: completeSetup,
    onSuccess: (session) => {
      client.setQueryData(keys.session, session);
      client.removeQueries({ queryKey: keys.setup });
      return navigate({ to: paths.home, replace: true });
    },
  });
  const labels = { ...messages.setup, email: messages.email, password: messages.password };
  const help: Partial<Record<keyof typeof EMPTY, string>> = {
    code: messages.setup.codeHelp,
    password: messages.newPassword.help(PASSWORD_LENGTH),
    organization: messages.setup.organizationHelp,
  };
  const form = useAppForm(SCHEMA, EMPTY, setup.error);
  const submit = form.handleSubmit(({ organization, ...owner }) =>
    setup.mutate({ ...owner, organization: { name: organization } }),
  );
  return (
    <FrontPage title={messages.setup.title} lead={messages.setup.lead}>
      <form noValidate onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(setup.error, POINTERS)} />
        {FIELDS.map(({ name, type, complete }, index) => (
          <TextField
            key={name}
            control={form.control}
            name={name}
            label={labels[name]}
            help={help[name]}
            type={type}
            autoFocus={index === 0}
            autoComplete={complete}
            className={name === "code" ? "font-mono tracking-wide" : undefined}
          />
        ))}
        <Button type="submit" look="primary" size="lg" busy={setup.isPending} className="w-full">
          {messages.setup.submit}
        </Button>
      </form>
    </FrontPage>
  );
}
