import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { acceptInvitation, lookAtInvitation } from "@/api/invitations";
import { formError, Problem, reasonOf } from "@/api/problem";
import { keys, sessionQuery } from "@/api/queries";
import { signOut } from "@/api/session";
import type { InvitationOffer, Session } from "@/api/types";
import { nameSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { FrontPage } from "@/components/front-page";
import { Button } from "@/components/ui/button";
import { messages as shared } from "@/domain/messages";
import { useLinkSecret } from "@/lib/link-secret";
import { usePageTitle } from "@/lib/page-title";
import { paths } from "@/paths";
import { CredentialsForm } from "./credentials-form";
import { messages } from "./messages";
import { newPasswordSchema, PASSWORD_LENGTH } from "./new-password";

/** Where an invitation's link leads: who has no account makes one, who has one joins with it. */
export function InvitePage() {
  usePageTitle(messages.invite.title);
  const secret = useLinkSecret();
  const offer = useQuery({
    queryKey: ["invitation", secret],
    queryFn: () => lookAtInvitation(secret),
    enabled: secret !== "",
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const session = useQuery(sessionQuery);
  const gone = secret === "" || (offer.error instanceof Problem && offer.error.status === 404);
  if (gone) return <FrontPage title={messages.invite.title} lead={messages.invite.gone} />;
  if (offer.error) {
    return <FrontPage title={messages.invite.title} lead={reasonOf(offer.error)} />;
  }
  if (!offer.data || session.isPending) {
    return <FrontPage title={messages.invite.title} lead={messages.invite.loading} />;
  }
  return <Offer secret={secret} offer={offer.data} session={session.data} />;
}

interface OfferProps {
  secret: string;
  offer: InvitationOffer;
  session: Session | undefined;
}

function Offer({ secret, offer, session }: OfferProps) {
  const [known, setKnown] = useState(false);
  const lead = messages.invite.lead({ inviter: offer.invitedBy, role: shared.roles[offer.role] });
  return (
    <FrontPage title={messages.invite.join(offer.organization)} lead={lead}>
      {session ? (
        <Join secret={secret} offer={offer} session={session} />
      ) : known ? (
        <CredentialsForm email={offer.email} onSignedIn={() => setKnown(false)} />
      ) : (
        <NewAccount secret={secret} offer={offer} onKnown={() => setKnown(true)} />
      )}
    </FrontPage>
  );
}

function useAccept(secret: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (account?: { name: string; password: string }) => acceptInvitation(secret, account),
    onSuccess: (session) => {
      client.setQueryData(keys.session, session);
      return navigate({ to: paths.home, replace: true });
    },
  });
}

/** Somebody is signed in: they join, or make room for who is invited. */
function Join({ secret, offer, session }: { secret: string; offer: InvitationOffer; session: Session }) {
  const client = useQueryClient();
  const accept = useAccept(secret);
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => client.resetQueries({ queryKey: keys.session }),
  });
  if (session.user.email !== offer.email) {
    return (
      <div className="space-y-4">
        <p className="text-sm">
          {messages.invite.other({ invited: offer.email, signedIn: session.user.email })}
        </p>
        <Button
          look="primary"
          size="lg"
          busy={leave.isPending}
          className="w-full"
          onClick={() => leave.mutate()}
        >
          {messages.invite.signOut}
        </Button>
      </div>
    );
  }
  return (
    <div className="space-y-4">
      <FormAlert message={formError(accept.error, [])} />
      <p className="text-sm">{messages.invite.as(session.user.email)}</p>
      <Button
        look="primary"
        size="lg"
        busy={accept.isPending}
        className="w-full"
        onClick={() => accept.mutate(undefined)}
      >
        {messages.invite.submit}
      </Button>
    </div>
  );
}

const SCHEMA = z.object({ name: nameSchema, password: newPasswordSchema });

function NewAccount(props: { secret: string; offer: InvitationOffer; onKnown: () => void }) {
  const { secret, offer, onKnown } = props;
  const accept = useAccept(secret);
  const form = useAppForm(SCHEMA, { name: "", password: "" }, accept.error);
  return (
    <form noValidate onSubmit={form.handleSubmit((account) => accept.mutate(account))} className="space-y-4">
      <FormAlert message={formError(accept.error, ["/name"])} />
      <p className="text-sm">{messages.invite.address(offer.email)}</p>
      <input type="hidden" autoComplete="username" value={offer.email} readOnly />
      <TextField
        control={form.control}
        name="name"
        label={messages.invite.name}
        autoComplete="name"
        autoFocus
      />
      <TextField
        control={form.control}
        name="password"
        label={messages.newPassword.label}
        help={messages.newPassword.help(PASSWORD_LENGTH)}
        type="password"
        autoComplete="new-password"
      />
      <Button type="submit" look="primary" size="lg" busy={accept.isPending} className="w-full">
        {messages.invite.create}
      </Button>
      <Button look="ghost" className="w-full" onClick={onKnown}>
        {messages.invite.known}
      </Button>
    </form>
  );
}
