import { Link, useParams } from "@tanstack/react-router";
import { CircleHelp } from "lucide-react";
import { useMemo } from "react";
import type { Member } from "@/api/types";
import { Avatar } from "@/components/avatar";
import { ErrorNote } from "@/components/error-note";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { useExplain } from "@/domain/access/use-explain";
import { useProjects } from "@/domain/access/use-projects";
import { useRefusal } from "@/domain/access/use-refusal";
import { page, paths } from "@/paths";
import { HiddenPage } from "../frame/hidden-page";
import { NotThere } from "../frame/not-there";
import { GrantMatrix } from "../grants/grant-matrix";
import { grantSummary } from "../grants/grant-summary";
import type { Holder } from "../grants/holder";
import { useMembers, useTeams } from "../lists";
import { messages } from "./messages";

/** What one member may do by grants of their own, and the teams that give them more. */
export function MemberPage() {
  const hidden = useRefusal("member.read");
  return hidden ? <HiddenPage title={messages.title} reason={hidden} /> : <Details />;
}

function Details() {
  const { org, member: id } = useParams({ from: page(paths.member) });
  const members = useMembers(org);
  const member = members.items.find(({ user }) => user.id === id);
  if (member) return <MemberDetails org={org} member={member} />;
  if (members.error != null) return <ErrorNote error={members.error} retry={members.retry} />;
  return members.isPending ? <ListSkeleton rows={3} /> : <NotThere />;
}

function MemberDetails({ org, member }: { org: string; member: Member }) {
  const explain = useExplain(org);
  const holder = useMemo((): Holder => {
    const { id, name } = member.user;
    return { kind: "member", id, name, grants: member.grants, affects: name };
  }, [member]);
  return (
    <div className="space-y-6">
      <PageHeader
        title={member.user.name}
        beside={member.user.email}
        description={messages.fromTeams}
        actions={
          <Button onClick={() => explain(member.user.id)}>
            <CircleHelp aria-hidden /> {messages.explain}
          </Button>
        }
      />
      <GrantMatrix org={org} holder={holder} />
      <MemberTeams org={org} member={member} />
    </div>
  );
}

function MemberTeams({ org, member }: { org: string; member: Member }) {
  const teams = useTeams(org);
  const projects = useProjects(org);
  const own = teams.items.filter(({ id }) => member.teams.some((team) => team.id === id));
  return (
    <Section title={messages.teams} description={messages.teamsHelp}>
      {own.length === 0 ? (
        <Panel className="px-4 py-5 text-sm text-muted">{messages.noTeams}</Panel>
      ) : (
        <ul className="divide-y rounded-lg border">
          {own.map((team) => (
            <li key={team.id} className="flex items-center gap-2.5 px-3.5 py-2.5 text-sm">
              <Avatar name={team.name} className="rounded-md" />
              <div className="min-w-0">
                <Link to={paths.team} params={{ org, team: team.id }} className="font-medium hover:underline">
                  {team.name}
                </Link>
                <p className="truncate text-xs text-muted">{grantSummary(team.grants, projects)}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
