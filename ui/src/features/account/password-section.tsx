import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { z } from "zod";
import { changePassword } from "@/api/account";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { messages } from "./messages";

/** The least characters of a password. The hub has the last word. */
const LEAST = 10;

const SCHEMA = z.object({
  password: z.string().min(1, { error: () => messages.passwordMissing }),
  newPassword: z.string().min(LEAST, { error: () => messages.newPassword.short(LEAST) }),
});

export function PasswordSection({ email }: { email: string }) {
  const change = useMutation({
    mutationFn: changePassword,
    meta: { invalidates: [keys.account] },
  });
  const form = useAppForm(SCHEMA, { password: "", newPassword: "" }, change.error);
  const submit = form.handleSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => {
        form.reset();
        toast.success(messages.newPassword.changed);
      },
    }),
  );
  return (
    <Section title={messages.newPassword.title} description={messages.newPassword.lead}>
      <Panel className="p-5">
        <form noValidate onSubmit={submit} className="space-y-4">
          <FormAlert message={formError(change.error, ["/password", "/newPassword"])} />
          <input type="hidden" autoComplete="username" value={email} readOnly />
          <TextField
            control={form.control}
            name="password"
            label={messages.password}
            help={messages.passwordHelp}
            type="password"
            autoComplete="current-password"
          />
          <TextField
            control={form.control}
            name="newPassword"
            label={messages.newPassword.label}
            help={messages.newPassword.help(LEAST)}
            type="password"
            autoComplete="new-password"
          />
          <Button type="submit" busy={change.isPending}>
            {messages.newPassword.submit}
          </Button>
        </form>
      </Panel>
    </Section>
  );
}
