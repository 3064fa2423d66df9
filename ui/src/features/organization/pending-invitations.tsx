import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Clock, Mail } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { resendInvitation, revokeInvitation } from "@/api/invitations";
import { formError, reasonOf } from "@/api/problem";
import { invitationsQuery, keys, sessionQuery } from "@/api/queries";
import type { Invitation, InvitationDelivery, SentInvitation } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { itemsOf } from "@/components/every-page";
import { MoreButton } from "@/components/more-button";
import { SecretList } from "@/components/secret-list";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Panel } from "@/components/ui/panel";
import { messages as shared } from "@/domain/messages";
import { messages } from "./messages";

/** Invitations above the members, because they expire; nothing while there are none. */
export function PendingInvitations({ org }: { org: string }) {
  const invitations = useInfiniteQuery(invitationsQuery(org));
  const items = itemsOf(invitations.data);
  if (items.length === 0) return null;
  return (
    <Panel className="mb-4" aria-label={messages.invitations.title}>
      <header className="flex flex-wrap items-center gap-2 border-b px-4 py-2.5">
        <Mail className="size-4 text-muted" aria-hidden />
        <h2 className="text-sm font-semibold">{messages.invitations.title}</h2>
        <Badge>{items.length}</Badge>
        <p className="ml-auto text-xs text-muted">{messages.invitations.note}</p>
      </header>
      <ul className="divide-y">
        {items.map((invitation) => (
          <Row key={invitation.id} org={org} invitation={invitation} />
        ))}
      </ul>
      <MoreButton query={invitations} />
    </Panel>
  );
}

function Row({ org, invitation }: { org: string; invitation: Invitation }) {
  const { email, role, invitedBy, sentAt, expiresAt } = invitation;
  const expired = new Date(expiresAt).getTime() <= Date.now();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 text-sm">
      <span className="min-w-48 flex-1 font-medium [overflow-wrap:anywhere]">{email}</span>
      <Badge>{shared.roles[role]}</Badge>
      <span className="text-xs text-muted">
        {messages.invitations.invitedBy({ inviter: invitedBy, when: <Time key="when" at={sentAt} /> })}
      </span>
      <span className="flex items-center gap-1 text-xs text-muted">
        <Clock className="size-3.5" aria-hidden />
        {expired
          ? messages.invitations.expired
          : messages.invitations.expires(<Time key="when" at={expiresAt} />)}
      </span>
      <Actions org={org} invitation={invitation} />
    </li>
  );
}

function Actions({ org, invitation }: { org: string; invitation: Invitation }) {
  const { id, email } = invitation;
  const { data: session } = useQuery(sessionQuery);
  const [revoking, setRevoking] = useState(false);
  const [linked, setLinked] = useState<SentInvitation>();
  const resend = useMutation({
    mutationFn: (delivery: InvitationDelivery) => resendInvitation(org, id, delivery),
    meta: { invalidates: [keys.invitations(org)] },
    onSuccess: (sent) => {
      if (sent.link) setLinked(sent);
      else toast.success(messages.invitations.resent(email));
    },
    onError: (error) => toast.error(reasonOf(error)),
  });
  const revoke = useMutation({
    mutationFn: () => revokeInvitation(org, id),
    meta: { awaits: [keys.invitations(org)] },
    onSuccess: () => {
      toast.success(messages.invitations.revoked(email));
    },
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
    <span role="group" aria-label={messages.invitations.actionsOf(email)} className="flex gap-1">
      <Button size="sm" look="ghost" busy={resend.isPending} onClick={() => resend.mutate("link")}>
        {messages.invitations.copyLink}
      </Button>
      {session?.sendsMail && (
        <Button size="sm" look="ghost" busy={resend.isPending} onClick={() => resend.mutate("mail")}>
          {messages.invitations.resend}
        </Button>
      )}
      <Button size="sm" look="ghost" onClick={() => setRevoking(true)}>
        {messages.invitations.revoke}
      </Button>
      {linked?.link && (
        <Dialog
          open
          sticky
          onOpenChange={() => setLinked(undefined)}
          title={messages.invitations.linkTitle(email)}
        >
          <SecretList secrets={[{ label: email, secret: linked.link }]} />
          <DialogActions>
            <Button look="primary" onClick={() => setLinked(undefined)}>
              {messages.invite.done}
            </Button>
          </DialogActions>
        </Dialog>
      )}
      {revoking && (
        <Confirm
          danger
          title={messages.invitations.revokeTitle(email)}
          description={messages.invitations.revokeHelp}
          action={messages.invitations.revokeSubmit}
          busy={revoke.isPending}
          refused={formError(revoke.error, [])}
          onConfirm={() => revoke.mutate()}
          onClose={() => setRevoking(false)}
        />
      )}
    </span>
  );
}
