import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleHelp } from "lucide-react";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { removeTeamMember } from "@/api/access";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { Member, Team } from "@/api/types";
import { Avatar } from "@/components/avatar";
import { Confirm } from "@/components/confirm";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import type { Reason } from "@/components/ui/reason";
import { RoleBadge } from "@/domain/access/role-name";
import { useExplain } from "@/domain/access/use-explain";
import { messages as shared } from "@/domain/messages";
import { paths } from "@/paths";
import { messages as frame } from "../frame/messages";
import { AddMember } from "./add-member";
import { messages } from "./messages";

export interface TeamMembersProps {
  org: string;
  team: Team;
  members: readonly Member[];
  all: readonly Member[];
  /** Why the person may neither add nor remove anybody. */
  refusal: Reason;
}

/** Who is in a team. */
export function TeamMembers({ org, team, members, all, refusal }: TeamMembersProps) {
  const columns = useMemo(() => memberColumns(org, team, refusal), [org, team, refusal]);
  const others = all.filter(({ user }) => !members.some((member) => member.user.id === user.id));
  return (
    <Section
      title={messages.members}
      description={messages.memberCount(members.length)}
      actions={<AddMember org={org} team={team} others={others} refusal={refusal} />}
    >
      {members.length === 0 ? (
        <Panel className="px-4 py-5 text-sm text-muted">{messages.noMembers}</Panel>
      ) : (
        <DataTable label={messages.members} rows={members} columns={columns} rowId={({ user }) => user.id} />
      )}
    </Section>
  );
}

function memberColumns(org: string, team: Team, refusal: Reason): Column<Member>[] {
  return [
    {
      id: "name",
      header: frame.name,
      width: 260,
      phoneWidth: 190,
      pinned: true,
      cell: ({ user }) => (
        <span className="flex items-center gap-2.5">
          <Avatar name={user.name} />
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <Link to={paths.member} params={{ org, member: user.id }} className="font-medium hover:underline">
              {user.name}
            </Link>
            <span className="text-muted [overflow-wrap:anywhere]">{user.email}</span>
          </span>
        </span>
      ),
    },
    {
      id: "role",
      header: messages.roleInOrganization,
      width: 160,
      cell: ({ role }) =>
        role ? (
          <RoleBadge role={{ id: role, name: role, builtIn: true }} />
        ) : (
          <span className="text-xs text-muted">{shared.withoutRole}</span>
        ),
    },
    {
      id: "actions",
      header: <span className="sr-only">{messages.actions}</span>,
      width: 220,
      align: "end",
      cell: (member) => (
        <span className="inline-flex gap-1">
          <ExplainMember org={org} member={member} />
          <RemoveMember org={org} team={team} member={member} refusal={refusal} />
        </span>
      ),
    },
  ];
}

function ExplainMember({ org, member }: { org: string; member: Member }) {
  const explain = useExplain(org);
  const { id, name } = member.user;
  return (
    <Button size="sm" look="ghost" aria-label={messages.explainNamed(name)} onClick={() => explain(id)}>
      <CircleHelp aria-hidden /> {messages.explain}
    </Button>
  );
}

interface RemoveMemberProps {
  org: string;
  team: Team;
  member: Member;
  refusal: Reason;
}

function RemoveMember({ org, team, member, refusal }: RemoveMemberProps) {
  const [asking, setAsking] = useState(false);
  const what = { person: member.user.name, team: team.name };
  const remove = useMutation({
    mutationFn: () => removeTeamMember(org, team.id, member.user.id),
    meta: { invalidates: [keys.access(org), keys.members(org), keys.audit(org)] },
    onSuccess: () => {
      toast.success(messages.removed(what));
      setAsking(false);
    },
  });
  return (
    <>
      <Button
        size="sm"
        aria-label={messages.removeNamed(member.user.name)}
        disabledReason={refusal}
        onClick={() => setAsking(true)}
      >
        {messages.remove}
      </Button>
      {asking && (
        <Confirm
          danger
          title={messages.removeTitle(what)}
          description={messages.removeHelp}
          action={messages.removeSubmit}
          busy={remove.isPending}
          refused={formError(remove.error, [])}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
