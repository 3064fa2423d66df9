import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Environment, Flag, Page } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import { ErrorNote } from "@/components/error-note";
import { MoreButton } from "@/components/more-button";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ListSkeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import { paths } from "@/paths";
import { FlagRow } from "./flag-row";

export interface FlagListProps {
  org: string;
  project: string;
  flags: UseInfiniteQueryResult<InfiniteData<Page<Flag>>>;
  environments: Environment[];
  filtered: boolean;
  onCreate: () => void;
}

export function FlagList({ org, project, flags, environments, filtered, onCreate }: FlagListProps) {
  if (flags.isPending) return <ListSkeleton rows={8} label="Loading flags" />;
  if (flags.isLoadingError) return <ErrorNote error={flags.error} retry={() => void flags.refetch()} />;
  const first = environments[0];
  const items = flags.data.pages.flatMap((page) => page.items);
  if (items.length === 0 && filtered) return <NothingFound org={org} project={project} />;
  if (items.length === 0) {
    return (
      <Empty
        title="Your first flag is ten seconds away"
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button look="primary" onClick={onCreate}>
              Create flag
            </Button>
            {first && (
              <Button asChild>
                <Link to={paths.connect} params={{ org, project, environment: first.key }}>
                  Connect an application
                </Link>
              </Button>
            )}
          </div>
        }
      >
        A flag decides what your application shows, to whom, without a deploy.
      </Empty>
    );
  }
  return (
    <>
      <div className="overflow-x-auto rounded-lg border bg-panel">
        <table
          aria-label="Flags"
          className={cn("block w-full md:table", flags.isPlaceholderData && "opacity-60 transition-opacity")}
        >
          <thead className="hidden border-b bg-sunken text-xs text-muted md:table-header-group">
            <tr>
              <th scope="col" className="py-2 pr-3 pl-4 text-left font-medium">
                Flag
              </th>
              {environments.map((environment) => (
                <th key={environment.id} scope="col" className="whitespace-nowrap px-3 py-2 font-medium">
                  <EnvironmentName environment={environment} />
                </th>
              ))}
              <th
                scope="col"
                className="hidden whitespace-nowrap py-2 pr-4 pl-3 text-right font-medium lg:table-cell"
              >
                Changed
              </th>
            </tr>
          </thead>
          <tbody className="block md:table-row-group">
            {items.map((flag) => (
              <FlagRow key={flag.id} org={org} project={project} flag={flag} environments={environments} />
            ))}
          </tbody>
        </table>
      </div>
      <MoreButton query={flags} />
    </>
  );
}

function NothingFound({ org, project }: { org: string; project: string }) {
  return (
    <Empty
      title="No flag matches"
      action={
        <Button asChild>
          <Link to={paths.flags} params={{ org, project }} search={{}}>
            Clear the filters
          </Link>
        </Button>
      }
    >
      Try fewer words, or look among all types and tags.
    </Empty>
  );
}
