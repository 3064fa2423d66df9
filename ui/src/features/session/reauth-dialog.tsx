import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { onSignedOut } from "@/api/http";
import { sessionQuery } from "@/api/queries";
import type { Session } from "@/api/types";
import { Dialog } from "@/components/ui/dialog";
import { forgetDrafts } from "@/domain/drafts/store";
import { wakeFeeds } from "@/domain/live/feed";
import { CredentialsForm } from "./credentials-form";
import { messages } from "./messages";

/** Where a session ends under somebody's hands, they sign in over the page: nothing they typed is lost. */
export function ReauthDialog() {
  const client = useQueryClient();
  const session = useQuery({ ...sessionQuery, enabled: false });
  const [open, setOpen] = useState(false);
  useEffect(() => onSignedOut(() => setOpen(true)), []);
  const resume = (next: Session) => {
    // Drafts are the work of the person who was signed in.
    if (session.data && session.data.user.id !== next.user.id) forgetDrafts();
    setOpen(false);
    wakeFeeds();
    void client.invalidateQueries();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      sticky
      title={messages.ended}
      description={messages.endedLead}
      className="max-w-sm"
    >
      <CredentialsForm email={session.data?.user.email ?? ""} onSignedIn={resume} />
    </Dialog>
  );
}
