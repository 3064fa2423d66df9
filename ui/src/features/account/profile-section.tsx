import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { z } from "zod";
import { updateAccount } from "@/api/account";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { Session } from "@/api/types";
import { nameSchema } from "@/components/form/schemas";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { messages } from "./messages";

/** The value of a select for no time zone of one's own. */
const OF_BROWSER = "";

const SCHEMA = z.object({ name: nameSchema, timeZone: z.string() });

export function ProfileSection({ session }: { session: Session }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: ({ name, timeZone }: z.infer<typeof SCHEMA>) =>
      updateAccount({ name, timeZone: timeZone === OF_BROWSER ? null : timeZone }),
    onSuccess: (changed) => {
      client.setQueryData(keys.session, changed);
      toast.success(messages.profile.saved);
    },
  });
  const form = useAppForm(
    SCHEMA,
    { name: session.user.name, timeZone: session.timeZone ?? OF_BROWSER },
    save.error,
  );
  const zones = [
    { value: OF_BROWSER, label: messages.profile.browserZone },
    ...Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone })),
  ];
  return (
    <Section title={messages.profile.title}>
      <Panel className="p-5">
        <form noValidate onSubmit={form.handleSubmit((values) => save.mutate(values))} className="space-y-4">
          <FormAlert message={formError(save.error, ["/name", "/timeZone"])} />
          <TextField
            control={form.control}
            name="name"
            label={messages.profile.name}
            autoComplete="name"
            maxLength={200}
          />
          <SelectField control={form.control} name="timeZone" label={messages.profile.zone} options={zones} />
          <Button type="submit" look="primary" busy={save.isPending}>
            {messages.profile.save}
          </Button>
        </form>
      </Panel>
    </Section>
  );
}
