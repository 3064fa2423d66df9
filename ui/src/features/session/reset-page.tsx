import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { z } from "zod";
import { resetPassword } from "@/api/account";
import { formError, Problem } from "@/api/problem";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { FrontPage } from "@/components/front-page";
import { Button } from "@/components/ui/button";
import { useLinkSecret } from "@/lib/link-secret";
import { usePageTitle } from "@/lib/page-title";
import { paths } from "@/paths";
import { messages } from "./messages";
import { newPasswordSchema, PASSWORD_LENGTH } from "./new-password";

const SCHEMA = z.object({ password: newPasswordSchema });

/** Chooses a new password, by a link that was mailed or that an operator handed over. */
export function ResetPage() {
  usePageTitle(messages.reset.title);
  const secret = useLinkSecret();
  const reset = useMutation({
    mutationFn: ({ password }: z.infer<typeof SCHEMA>) => resetPassword({ secret, password }),
  });
  const form = useAppForm(SCHEMA, { password: "" }, reset.error);
  const gone = secret === "" || (reset.error instanceof Problem && reset.error.status === 404);
  if (gone) {
    return (
      <FrontPage title={messages.reset.title} lead={messages.reset.gone}>
        <Button asChild look="primary" size="lg" className="w-full">
          <Link to={paths.forgot}>{messages.reset.another}</Link>
        </Button>
      </FrontPage>
    );
  }
  if (reset.isSuccess) {
    return (
      <FrontPage title={messages.reset.title} lead={messages.reset.done}>
        <Button asChild look="primary" size="lg" className="w-full">
          <Link to={paths.signIn} search={{}}>
            {messages.signIn}
          </Link>
        </Button>
      </FrontPage>
    );
  }
  return (
    <FrontPage title={messages.reset.title} lead={messages.reset.lead}>
      <form noValidate onSubmit={form.handleSubmit((values) => reset.mutate(values))} className="space-y-4">
        <FormAlert message={formError(reset.error, ["/password"])} />
        <TextField
          control={form.control}
          name="password"
          label={messages.newPassword.label}
          help={messages.newPassword.help(PASSWORD_LENGTH)}
          type="password"
          autoComplete="new-password"
          autoFocus
        />
        <Button type="submit" look="primary" size="lg" busy={reset.isPending} className="w-full">
          {messages.reset.submit}
        </Button>
      </form>
    </FrontPage>
  );
}
