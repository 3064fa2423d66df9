import { Link } from "@tanstack/react-router";
import { Flag, Users } from "lucide-react";
import type { Dependent } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { whereWords } from "@/lib/where";
import { paths } from "@/paths";
import { messages } from "./messages";

export interface DependentListProps {
  org: string;
  project: string;
  dependents: readonly Dependent[];
}

/** Who refers to a flag or segment, and where in them. */
export function DependentList({ org, project, dependents }: DependentListProps) {
  return (
    <ul aria-label={messages.usedBy} className="divide-y rounded-md border">
      {dependents.map((dependent) => {
        const Icon = dependent.kind === "flag" ? Flag : Users;
        const name = <span className="truncate font-mono text-xs">{dependent.key}</span>;
        return (
          <li
            key={`${dependent.kind} ${dependent.key} ${dependent.environment ?? ""} ${dependent.where}`}
            className="flex flex-wrap items-center gap-2 px-3 py-2"
          >
            <Icon
              className="size-3.5 text-faint"
              aria-label={dependent.kind === "flag" ? messages.flag : messages.segment}
            />
            {dependent.kind === "flag" ? (
              <Link
                to={paths.flag}
                params={{ org, project, flag: dependent.key }}
                search={dependent.environment ? { env: dependent.environment } : {}}
                className="hover:underline"
              >
                {name}
              </Link>
            ) : (
              <Link
                to={paths.segment}
                params={{ org, project, segment: dependent.key }}
                className="hover:underline"
              >
                {name}
              </Link>
            )}
            {dependent.environment && <Badge>{dependent.environment}</Badge>}
            <span className="ml-auto text-xs text-muted">{whereWords(dependent.where)}</span>
          </li>
        );
      })}
    </ul>
  );
}
