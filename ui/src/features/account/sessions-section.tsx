import { useMutation, useQuery } from "@tanstack/react-query";
import { Monitor } from "lucide-react";
import { toast } from "sonner";
import { endOtherSessions, endSession } from "@/api/account";
import { reasonOf } from "@/api/problem";
import { keys, sessionsQuery } from "@/api/queries";
import type { AccountSession } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { deviceName } from "@/domain/device/device-name";
import { messages } from "./messages";

export function SessionsSection() {
  const sessions = useQuery(sessionsQuery);
  const items = sessions.data?.items ?? [];
  const endOthers = useMutation({
    mutationFn: endOtherSessions,
    meta: { awaits: [keys.account] },
    onSuccess: () => {
      toast.success(messages.sessions.endedOthers);
    },
    onError: (error) => toast.error(reasonOf(error)),
  });
  return (
    <Section
      title={messages.sessions.title}
      actions={
        items.length > 1 && (
          <Button size="sm" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {messages.sessions.endOthers}
          </Button>
        )
      }
    >
      {sessions.isPending && <ListSkeleton rows={2} label={messages.sessions.loading} />}
      {sessions.isLoadingError && <ErrorNote error={sessions.error} retry={() => void sessions.refetch()} />}
      {items.length > 0 && (
        <Panel>
          <ul aria-label={messages.sessions.title} className="divide-y">
            {items.map((session) => (
              <Row key={session.id} session={session} />
            ))}
          </ul>
        </Panel>
      )}
    </Section>
  );
}

function Row({ session }: { session: AccountSession }) {
  const device = deviceName(session.userAgent) ?? messages.sessions.unknown;
  const end = useMutation({
    mutationFn: () => endSession(session.id),
    meta: { awaits: [keys.account] },
    onSuccess: () => {
      toast.success(messages.sessions.ended);
    },
    onError: (error) => toast.error(reasonOf(error)),
  });
  const begun = <Time key="begun" at={session.createdAt} />;
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3 text-sm">
      <Monitor className="size-5 text-muted" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{device}</p>
        <p className="text-xs text-muted">
          {session.address
            ? messages.sessions.from({ address: session.address, begun })
            : messages.sessions.begun(begun)}
          {!session.current && (
            <span> · {messages.sessions.seen(<Time key="seen" at={session.seenAt} />)}</span>
          )}
        </p>
      </div>
      {session.current ? (
        <Badge tone="good">{messages.sessions.current}</Badge>
      ) : (
        <Button
          size="sm"
          busy={end.isPending}
          aria-label={messages.sessions.endNamed(device)}
          onClick={() => end.mutate()}
        >
          {messages.sessions.end}
        </Button>
      )}
    </li>
  );
}
