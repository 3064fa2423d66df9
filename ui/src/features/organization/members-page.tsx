import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ShieldAlert, ShieldCheck, UserPlus } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { membersQuery, sessionQuery } from "@/api/queries";
import type { Member } from "@/api/types";
import { Avatar } from "@/components/avatar";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { ReasonText } from "@/components/ui/reason";
import { ListSkeleton } from "@/components/ui/skeleton";
import { useRefusal } from "@/domain/access/use-refusal";
import { useCommands } from "@/domain/palette/commands";
import { useHotkey } from "@/lib/hotkeys";
import { page, paths } from "@/paths";
import { InviteDialog } from "./invite-dialog";
import { Leave, MemberMenu } from "./member-menu";
import { MemberRole } from "./member-role";
import { messages } from "./messages";
import { PendingInvitations } from "./pending-invitations";

export function MembersPage() {
  const { org } = useParams({ from: page(paths.members) });
  const refusal = useRefusal("member.read");
  const inviteRefusal = useRefusal("member.invite");
  const { data: session } = useQuery(sessionQuery);
  const [search, setSearch] = useState("");
  const asked = useDeferredValue(search.trim());
  const members = useInfiniteQuery({
    ...membersQuery(org, asked),
    enabled: !refusal,
    placeholderData: keepPreviousData,
  });
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useHotkey("/", () => input.current?.focus());
  useCommands([
    {
      id: "invite",
      name: messages.members.invite,
      run: () => setInviting(true),
      disabledReason: inviteRefusal,
    },
  ]);
  const rows = useMemo(() => itemsOf(members.data), [members.data]);
  const own = session?.user.id;
  const columns = useMemo(() => memberColumns(org, own), [org, own]);
  return (
    <>
      <PageHeader
        title={messages.members.title}
        description={messages.members.description}
        actions={
          <Button look="primary" disabledReason={inviteRefusal} onClick={() => setInviting(true)}>
            <UserPlus aria-hidden /> {messages.members.invite}
          </Button>
        }
      />
      {refusal ? (
        <Empty
          title={messages.members.adminsOnly}
          action={
            <Button look="ghost" onClick={() => setLeaving(true)}>
              {messages.members.leave}
            </Button>
          }
        >
          <ReasonText reason={refusal} />
        </Empty>
      ) : (
        <>
          <Input
            ref={input}
            type="search"
            aria-label={messages.members.search}
            placeholder={messages.members.search}
            className="mb-3 max-w-sm"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <PendingInvitations org={org} />
          {members.isPending && <ListSkeleton rows={4} label={messages.members.loading} />}
          {members.isLoadingError && <ErrorNote error={members.error} retry={() => void members.refetch()} />}
          {members.isSuccess && rows.length === 0 && (
            <Empty title={messages.members.noMatches}>{messages.members.noMatchesHelp}</Empty>
          )}
          {rows.length > 0 && (
            <DataTable
              fill
              label={messages.members.title}
              rows={rows}
              columns={columns}
              rowId={({ user }) => user.id}
              more={members}
              stale={members.isPlaceholderData}
            />
          )}
        </>
      )}
      {leaving && <Leave org={org} onClose={() => setLeaving(false)} />}
      {inviting && <InviteDialog org={org} onClose={() => setInviting(false)} />}
    </>
  );
}

/** `own` is who looks. */
function memberColumns(org: string, own: string | undefined): Column<Member>[] {
  return [
    {
      id: "name",
      header: messages.name,
      width: 280,
      phoneWidth: 220,
      pinned: true,
      cell: ({ user }) => (
        <span className="flex items-center gap-2.5">
          <Avatar name={user.name} />
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <Link to={paths.member} params={{ org, member: user.id }} className="font-medium hover:underline">
              {user.name}
            </Link>
            {user.id === own && <span className="text-xs text-muted">{messages.members.you}</span>}
            <span className="text-muted [overflow-wrap:anywhere]">{user.email}</span>
          </span>
        </span>
      ),
    },
    {
      id: "role",
      header: messages.role,
      width: 170,
      cell: (member) => <MemberRole member={member} />,
    },
    {
      id: "teams",
      header: messages.members.teams,
      width: 150,
      hideBelow: 960,
      cell: ({ teams }) => (
        <span className="text-xs text-muted">{teams.map(({ name }) => name).join(", ")}</span>
      ),
    },
    {
      id: "seen",
      header: messages.members.seen,
      width: 130,
      cell: ({ seenAt }) => (
        <span className="whitespace-nowrap text-xs text-muted">
          {seenAt ? <Time at={seenAt} /> : messages.members.never}
        </span>
      ),
    },
    {
      id: "factor",
      header: messages.members.factor,
      width: 140,
      cell: ({ secondFactor }) => (
        <span className="flex items-center gap-1.5 whitespace-nowrap text-xs">
          {secondFactor ? (
            <ShieldCheck className="size-4 text-good" aria-hidden />
          ) : (
            <ShieldAlert className="size-4 text-muted" aria-hidden />
          )}
          {secondFactor ? messages.members.factorOn : messages.members.factorOff}
        </span>
      ),
    },
    {
      id: "joined",
      header: messages.members.joined,
      width: 130,
      hideBelow: 800,
      cell: ({ joinedAt }) => <Time at={joinedAt} className="whitespace-nowrap text-xs text-faint" />,
    },
    {
      id: "actions",
      header: <span className="sr-only">{messages.members.actions}</span>,
      width: 60,
      align: "end",
      cell: (member) => <MemberMenu org={org} member={member} own={member.user.id === own} />,
    },
  ];
}
