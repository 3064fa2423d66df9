import { Link } from "@tanstack/react-router";
import { Bot } from "lucide-react";
import type { Grant } from "@/api/types";
import { Avatar } from "@/components/avatar";
import { Panel } from "@/components/ui/panel";
import { PlaceName } from "@/domain/access/place-name";
import { useProjects } from "@/domain/access/use-projects";
import { paths } from "@/paths";
import { messages } from "./messages";

/** Who has a role, and where. */
export function RoleHolders({ org, grants }: { org: string; grants: readonly Grant[] }) {
  const projects = useProjects(org);
  return (
    <Panel>
      <h2 className="flex items-center gap-2 px-3.5 py-2.5 text-sm font-semibold">
        {messages.who} <span className="text-xs font-normal text-muted">{grants.length}</span>
      </h2>
      {grants.length === 0 && <p className="border-t px-3.5 py-3 text-sm text-muted">{messages.nobody}</p>}
      <ul>
        {grants.map(({ id, holder, scope }) => (
          <li key={id} className="flex items-start gap-2.5 border-t px-3.5 py-2.5 text-sm">
            {holder.kind === "serviceAccount" ? (
              <span className="grid size-6 shrink-0 place-items-center rounded-md bg-raised text-muted">
                <Bot className="size-3.5" aria-hidden />
              </span>
            ) : (
              <Avatar name={holder.name} className={holder.kind === "team" ? "rounded-md" : ""} />
            )}
            <div className="min-w-0">
              <p className="flex flex-wrap items-baseline gap-x-1.5">
                <Holder org={org} holder={holder} />
                <span className="text-xs text-muted">{messages.grantees[holder.kind]}</span>
              </p>
              <p className="text-xs text-muted">
                <PlaceName place={scope} projects={projects} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Holder({ org, holder }: { org: string; holder: Grant["holder"] }) {
  const look = "font-medium hover:underline [overflow-wrap:anywhere]";
  if (holder.kind === "team") {
    return (
      <Link to={paths.team} params={{ org, team: holder.id }} className={look}>
        {holder.name}
      </Link>
    );
  }
  if (holder.kind === "serviceAccount") {
    return (
      <Link to={paths.serviceAccount} params={{ org, account: holder.id }} className={look}>
        {holder.name}
      </Link>
    );
  }
  return (
    <Link to={paths.member} params={{ org, member: holder.id }} className={look}>
      {holder.name}
    </Link>
  );
}
