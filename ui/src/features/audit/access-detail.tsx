import type { AuditEntry } from "@/api/types";
import { placeText } from "@/domain/access/place-name";
import { roleName } from "@/domain/access/role-name";
import { useProjects } from "@/domain/access/use-projects";
import { messages } from "./messages";

/** What changed, in an entry about access: the role and where it applies, or the team's member. */
export function AccessDetail({ org, entry }: { org: string; entry: AuditEntry }) {
  const state: Record<string, unknown> = entry.after ?? entry.before ?? {};
  if (entry.subject.kind === "grant") return <GrantDetail org={org} state={state} />;
  const { member } = state;
  if (entry.subject.kind !== "team" || typeof member !== "string") return null;
  return <Detail>{messages.member(member)}</Detail>;
}

function GrantDetail({ org, state }: { org: string; state: Record<string, unknown> }) {
  const projects = useProjects(org);
  const { role, scope } = state;
  if (typeof role !== "string") return null;
  // A custom role goes by its name here, a built-in one by its id.
  const named = roleName({ id: role, name: role, builtIn: true });
  const where = placeText((scope ?? {}) as { project?: string; environment?: string }, projects);
  return <Detail>{messages.grant({ role: named, where })}</Detail>;
}

function Detail({ children }: { children: string }) {
  return <span className="text-xs text-muted">{children}</span>;
}
