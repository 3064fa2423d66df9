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

const FIELDS = [
  {
    name: "code",
    pointer: "/code",
    label: "Setup code",
    type: "text",
    help: "Printed in the hub’s log at startup. It works once.",
    complete: "one-time-code",
  },
  { name: "name", pointer: "/name", label: "Your name", type: "text", help: undefined, complete: "name" },
  { name: "email", pointer: "/email", label: "Email", type: "email", help: undefined, complete: "username" },
  {
    name: "password",
    pointer: "/password",
    label: "Password",
    type: "password",
    help: "At least 10 characters. Length matters more than symbols.",
    complete: "new-password",
  },
  {
    name: "organization",
    pointer: "/organization",
    label: "Organization",
    type: "text",
    help: "Your company or team. Projects and members live in it.",
    complete: "organization",
  },
] as const;

const EMPTY = { code: "", name: "", email: "", password: "", organization: "" };
const SCHEMA = z.object({
  code: z.string().trim().min(1, "Enter the setup code."),
  name: nameSchema,
  email: emailSchema,
  password: z.string().min(10, "A password has at least 10 characters."),
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
  const form = useAppForm(SCHEMA, EMPTY, setup.error);
  const submit = form.handleSubmit(({ organization, ...owner }) =>
    setup.mutate({ ...owner, organization: { name: organization } }),
  );
  return (
    <FrontPage
      title="Set up Peek-a-boo"
      lead="Create the first account. It becomes the owner of your organization."
    >
      <form noValidate onSubmit={submit} className="space-y-4">
        <FormAlert
          message={formError(
            setup.error,
            FIELDS.map((field) => field.pointer),
          )}
        />
        {FIELDS.map(({ name, label, type, help, complete }, index) => (
          <TextField
            key={name}
            control={form.control}
            name={name}
            label={label}
            help={help}
            type={type}
            autoFocus={index === 0}
            autoComplete={complete}
            className={name === "code" ? "font-mono tracking-wide" : undefined}
          />
        ))}
        <Button type="submit" look="primary" size="lg" busy={setup.isPending} className="w-full">
          Create organization
        </Button>
      </form>
    </FrontPage>
  );
}
