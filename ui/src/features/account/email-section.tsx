import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { requestEmailChange } from "@/api/account";
import { formError } from "@/api/problem";
import type { Session } from "@/api/types";
import { emailSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { messages } from "./messages";

const SCHEMA = z.object({
  email: emailSchema,
  password: z.string().min(1, { error: () => messages.passwordMissing }),
});

/** Another address, which the person confirms by a link that is mailed there. */
export function EmailSection({ session }: { session: Session }) {
  const ask = useMutation({ mutationFn: requestEmailChange });
  const form = useAppForm(SCHEMA, { email: "", password: "" }, ask.error);
  const submit = form.handleSubmit((values) => ask.mutate(values, { onSuccess: () => form.reset() }));
  return (
    <Section
      title={messages.email.title}
      description={messages.email.now(session.user.email)}
      actions={
        <Badge tone={session.emailVerified ? "good" : "plain"}>
          {session.emailVerified ? messages.email.verified : messages.email.unverified}
        </Badge>
      }
    >
      <Panel className="p-5">
        {session.sendsMail ? (
          <form noValidate onSubmit={submit} className="space-y-4">
            <FormAlert message={formError(ask.error, ["/email", "/password"])} />
            {ask.isSuccess && (
              <p role="status" className="text-sm">
                {messages.email.sent(ask.variables.email)}
              </p>
            )}
            <TextField
              control={form.control}
              name="email"
              label={messages.email.label}
              type="email"
              autoComplete="email"
            />
            <TextField
              control={form.control}
              name="password"
              label={messages.password}
              help={messages.passwordHelp}
              type="password"
              autoComplete="current-password"
            />
            <Button type="submit" busy={ask.isPending}>
              {messages.email.submit}
            </Button>
          </form>
        ) : (
          <p className="text-sm text-muted">{messages.email.noMail}</p>
        )}
      </Panel>
    </Section>
  );
}
