import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Environment, Flag, Page } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { DataTable } from "@/components/table/data-table";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ListSkeleton } from "@/components/ui/skeleton";
import { flagId } from "@/domain/live/ids";
import { paths } from "@/paths";
import { flagColumns } from "./flag-columns";
import { messages } from "./messages";

export interface FlagListProps {
  org: string;
  project: string;
  flags: UseInfiniteQueryResult<InfiniteData<Page<Flag>>>;
  environments: Environment[];
  pins: readonly string[];
  /** The environment through which the list is looked at. */
  env: string | undefined;
  filtered: boolean;
  onCreate: () => void;
}

export function FlagList({
  org,
  project,
  flags,
  environments,
  pins,
  env,
  filtered,
  onCreate,
}: FlagListProps) {
  const columns = useMemo(
    () => flagColumns({ org, project, environments, pins, env }),
    [org, project, environments, pins, env],
  );
  const items = useMemo(() => itemsOf(flags.data), [flags.data]);
  if (flags.isPending) return <ListSkeleton rows={8} label={messages.loading} />;
  if (flags.isLoadingError) return <ErrorNote error={flags.error} retry={() => void flags.refetch()} />;
  const first = environments[0];
  if (items.length === 0 && filtered) return <NothingFound org={org} project={project} />;
  if (items.length === 0) {
    return (
      <Empty
        title={messages.none}
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button look="primary" onClick={onCreate}>
              {messages.create}
            </Button>
            {first && (
              <Button asChild>
                <Link to={paths.connect} params={{ org, project, environment: first.key }}>
                  {messages.connect}
                </Link>
              </Button>
            )}
          </div>
        }
      >
        {messages.noneHelp}
      </Empty>
    );
  }
  return (
    <DataTable
      fill
      label={messages.title}
      rows={items}
      columns={columns}
      rowId={(flag) => flag.id}
      flashId={(flag) => flagId(project, flag.key)}
      isDimmed={(flag) => flag.archivedAt !== null}
      more={flags}
      stale={flags.isPlaceholderData}
    />
  );
}

function NothingFound({ org, project }: { org: string; project: string }) {
  return (
    <Empty
      title={messages.noMatches}
      action={
        <Button asChild>
          <Link to={paths.flags} params={{ org, project }} search={{}}>
            {messages.clearFilters}
          </Link>
        </Button>
      }
    >
      {messages.noMatchesHelp}
    </Empty>
  );
}
