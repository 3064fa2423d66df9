import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { z } from "zod";
import { requestPasswordReset } from "@/api/account";
import { formError } from "@/api/problem";
import { emailSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { FrontPage } from "@/components/front-page";
import { Button, buttonStyle } from "@/components/ui/button";
import { usePageTitle } from "@/lib/page-title";
import { paths } from "@/paths";
import { messages } from "./messages";

const SCHEMA = z.object({ email: emailSchema });

/** Asks for a link to a new password. Whether anybody has the address does not show. */
export function ForgotPage() {
  usePageTitle(messages.forgot.title);
  const ask = useMutation({ mutationFn: requestPasswordReset });
  const form = useAppForm(SCHEMA, { email: "" }, ask.error);
  return (
    <FrontPage
      title={messages.forgot.title}
      lead={ask.isSuccess ? messages.forgot.sent(ask.variables) : messages.forgot.lead}
    >
      {!ask.isSuccess && (
        <form noValidate onSubmit={form.handleSubmit(({ email }) => ask.mutate(email))} className="space-y-4">
          <FormAlert message={formError(ask.error, ["/email"])} />
          <TextField
            control={form.control}
            name="email"
            label={messages.email}
            type="email"
            autoComplete="username"
            autoFocus
          />
          <Button type="submit" look="primary" size="lg" busy={ask.isPending} className="w-full">
            {messages.forgot.submit}
          </Button>
        </form>
      )}
      <p className="mt-4 text-center text-sm">
        <Link to={paths.signIn} search={{}} className={buttonStyle({ look: "link", size: "none" })}>
          {messages.backToSignIn}
        </Link>
      </p>
    </FrontPage>
  );
}
