import { useParams } from "@tanstack/react-router";
import type { Grant, Member, Project } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { placeText } from "@/domain/access/place-name";
import { roleName } from "@/domain/access/role-name";
import { useProjects } from "@/domain/access/use-projects";
import { messages as shared } from "@/domain/messages";
import { messages } from "./messages";

/** A member's role in the whole organization; of somebody without one, what they have instead. */
export function MemberRole({ member }: { member: Member }) {
  if (member.role) {
    return <Badge tone={member.role === "owner" ? "brand" : "plain"}>{shared.roles[member.role]}</Badge>;
  }
  if (member.grants.length > 0) return <OwnGrants grants={member.grants} />;
  if (member.teams.length > 0) {
    return <span className="text-xs text-muted">{messages.members.throughTeams}</span>;
  }
  return <Badge>{shared.withoutRole}</Badge>;
}

function OwnGrants({ grants }: { grants: readonly Grant[] }) {
  const { org = "" } = useParams({ strict: false });
  const projects = useProjects(org);
  const texts = grants.map((grant) => grantText(grant, projects));
  const [first, ...rest] = texts;
  return (
    <span className="text-xs" title={texts.join("\n")}>
      {first}
      {rest.length > 0 && <span className="text-muted"> {messages.members.moreGrants(rest.length)}</span>}
    </span>
  );
}

function grantText(grant: Grant, projects: readonly Project[]): string {
  const where = placeText(grant.scope, projects);
  return messages.members.roleAt({ role: roleName(grant.role), where });
}
