import { Link } from "@tanstack/react-router";
import { EyeOff, MonitorSmartphone } from "lucide-react";
import type { Flag } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { useUnsavedEnvironments } from "@/domain/targeting/config";
import { paths } from "@/paths";
import { messages } from "./messages";
import { TypeIcon } from "./type-icon";
import { unusedFor } from "./unused";

export interface FlagCellProps {
  org: string;
  project: string;
  flag: Flag;
  /** The environment through which the list is looked at. */
  env: string | undefined;
}

/** A flag's name, which is never cut off on a phone, and what one should know of it. */
export function FlagCell({ org, project, flag, env }: FlagCellProps) {
  const unsaved = useUnsavedEnvironments({ org, project, flag: flag.key });
  const unused = unusedFor(flag);
  return (
    <div className="flex items-center gap-2.5">
      <span className="max-sm:hidden">
        <TypeIcon type={flag.type} />
      </span>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-0.5">
        <Link
          to={paths.flag}
          params={{ org, project, flag: flag.key }}
          search={env ? { env } : {}}
          title={flag.description || undefined}
          className="min-w-0 text-sm font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {flag.name || flag.key}
        </Link>
        {flag.name && flag.name !== flag.key && (
          <span className="min-w-0 truncate font-mono text-[11.5px] text-faint max-sm:hidden">
            {flag.key}
          </span>
        )}
        {flag.clientVisible && (
          <MonitorSmartphone
            className="size-3.5 shrink-0 text-faint max-sm:hidden"
            aria-label={messages.available}
          />
        )}
        {unsaved.length > 0 && <Badge tone="boo">{messages.row.unsavedIn(unsaved)}</Badge>}
        {unused !== null && (
          <Badge tone="outline" title={messages.row.unusedHelp}>
            {messages.row.unusedFor(unused)}
          </Badge>
        )}
        {flag.archivedAt && (
          <Badge tone="outline">
            <EyeOff aria-hidden /> {messages.archived}
          </Badge>
        )}
        {flag.tags.map((tag) => (
          <Link
            key={tag}
            to={paths.flags}
            params={{ org, project }}
            search={(held) => ({ ...held, tag })}
            aria-label={messages.row.tagged(tag)}
            className="max-xl:hidden"
          >
            <Badge className="hover:text-ink">{tag}</Badge>
          </Link>
        ))}
      </div>
    </div>
  );
}
