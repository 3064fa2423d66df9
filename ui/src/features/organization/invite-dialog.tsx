import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { z } from "zod";
import { createInvitation } from "@/api/invitations";
import { reasonOf } from "@/api/problem";
import { keys, sessionQuery } from "@/api/queries";
import type { Role, SentInvitation } from "@/api/types";
import { CheckboxField } from "@/components/form/checkbox-field";
import { emailSchema } from "@/components/form/schemas";
import { SelectField } from "@/components/form/select-field";
import { TagsField } from "@/components/form/tags-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { useRole } from "@/domain/access/use-refusal";
import { messages as shared } from "@/domain/messages";
import { messages } from "./messages";

const ROLES: readonly Role[] = ["viewer", "editor", "admin", "owner"];

const SCHEMA = z.object({
  emails: z
    .array(z.string())
    .min(1, { error: () => messages.invite.emailsMissing })
    .superRefine((emails, context) => {
      const wrong = emails.find((email) => !emailSchema.safeParse(email).success);
      if (wrong) context.addIssue({ code: "custom", message: messages.invite.emailInvalid(wrong) });
    }),
  role: z.enum(["viewer", "editor", "admin", "owner"]),
  copy: z.boolean(),
});

type Values = z.infer<typeof SCHEMA>;

interface Outcome {
  sent: SentInvitation[];
  refused: { email: string; reason: string }[];
}

/** One invitation after another: what is refused of one keeps nobody else from being invited. */
async function inviteEach(org: string, { emails, role, copy }: Values): Promise<Outcome> {
  const outcome: Outcome = { sent: [], refused: [] };
  for (const email of emails) {
    try {
      const delivery = copy ? { delivery: "link" as const } : {};
      outcome.sent.push(await createInvitation(org, { email, role, ...delivery }));
    } catch (error) {
      outcome.refused.push({ email, reason: reasonOf(error) });
    }
  }
  return outcome;
}

export function InviteDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const { data: session } = useQuery(sessionQuery);
  const own = useRole();
  const [links, setLinks] = useState<SentInvitation[]>([]);
  const organization = session?.organizations.find((item) => item.key === org)?.name ?? org;
  const sendsMail = session?.sendsMail ?? false;
  const form = useAppForm<Values>(SCHEMA, { emails: [], role: "editor", copy: !sendsMail }, null);
  const invite = useMutation({
    mutationFn: (values: Values) => inviteEach(org, values),
    meta: { invalidates: [keys.invitations(org)] },
    onSuccess: ({ sent, refused }) => {
      const withLinks = sent.filter(({ link }) => link !== null);
      if (refused.length > 0) {
        form.setValue(
          "emails",
          refused.map(({ email }) => email),
        );
        form.setError("emails", { message: refused.map(messages.invite.failed).join(" ") });
      } else if (withLinks.length === 0) {
        onClose();
      }
      if (sent.length > withLinks.length) toast.success(messages.invite.sent(sent.length));
      setLinks(withLinks);
    },
  });
  if (links.length > 0) {
    const leave = () => (invite.data?.refused.length ? setLinks([]) : onClose());
    return (
      <Dialog open sticky onOpenChange={leave} title={messages.invite.linksTitle}>
        <SecretList secrets={links.map(({ email, link }) => ({ label: email, secret: link ?? "" }))} />
        <DialogActions>
          <Button look="primary" onClick={leave}>
            {messages.invite.done}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  const roles = ROLES.slice(0, ROLES.indexOf(own ?? "viewer") + 1);
  const [count, copies] = [form.watch("emails").length, form.watch("copy")];
  return (
    <FormDialog
      form={form}
      title={messages.invite.title(organization)}
      description={messages.invite.lead}
      className="max-w-lg"
      action={copies ? messages.invite.link(Math.max(count, 1)) : messages.invite.send(Math.max(count, 1))}
      busy={invite.isPending}
      error={null}
      onSubmit={(values) => invite.mutate(values)}
      onClose={onClose}
    >
      <TagsField
        control={form.control}
        name="emails"
        label={messages.invite.emails}
        placeholder={messages.invite.example}
        optional={false}
      />
      <SelectField
        control={form.control}
        name="role"
        label={messages.invite.role}
        options={roles.map((role) => ({ value: role, label: messages.roles[role] }))}
      />
      {own && own !== "owner" && (
        <p className="text-xs text-muted">{messages.invite.limit(shared.roles[own])}</p>
      )}
      {sendsMail ? (
        <CheckboxField control={form.control} name="copy" label={messages.invite.copyInstead} />
      ) : (
        <p className="text-xs text-muted">{messages.invite.noMail}</p>
      )}
    </FormDialog>
  );
}
