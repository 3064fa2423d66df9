import { Link } from "@tanstack/react-router";
import { Users } from "lucide-react";
import type { ProjectScope } from "@/api/projects";
import type { Segment } from "@/api/types";
import type { Column } from "@/components/table/column";
import { Time } from "@/components/time";
import { conditionWords } from "@/domain/targeting/wording";
import { paths } from "@/paths";
import { messages } from "./messages";

/** The list's columns: the name, who is in the segment, and when it last changed. */
export function segmentColumns({ org, project }: ProjectScope): Column<Segment>[] {
  return [
    {
      id: "name",
      header: messages.columns.segment,
      width: 280,
      phoneWidth: 180,
      pinned: true,
      cell: (segment) => (
        <span className="flex items-center gap-2.5">
          <Users className="size-4 shrink-0 text-faint max-sm:hidden" aria-hidden />
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <Link
              to={paths.segment}
              params={{ org, project, segment: segment.key }}
              className="min-w-0 font-medium [overflow-wrap:anywhere] hover:underline"
            >
              {segment.name || segment.key}
            </Link>
            {segment.name && (
              <span className="font-mono text-[11.5px] text-faint max-sm:hidden">{segment.key}</span>
            )}
          </span>
        </span>
      ),
    },
    {
      id: "members",
      header: messages.columns.includes,
      width: 420,
      phoneWidth: 260,
      cell: (segment) => <p className="line-clamp-2 text-xs text-muted">{contents(segment)}</p>,
    },
    {
      id: "changed",
      header: messages.columns.changed,
      width: 110,
      align: "end",
      hideBelow: 700,
      cell: (segment) => <Time at={segment.updatedAt} className="whitespace-nowrap text-xs text-faint" />,
    },
  ];
}

function contents({ included, excluded, when }: Segment): string {
  const matchesNobody = "any" in when && when.any.length === 0;
  const parts = [
    included.length > 0 && messages.columns.included(included.length),
    excluded.length > 0 && messages.columns.excluded(excluded.length),
    !matchesNobody && conditionWords(when),
  ];
  return parts.filter(Boolean).join(" · ") || messages.columns.noOne;
}
