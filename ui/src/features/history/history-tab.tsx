import { useInfiniteQuery } from "@tanstack/react-query";
import { auditQuery } from "@/api/queries";
import type { Environment, Flag } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { MoreButton } from "@/components/more-button";
import { Empty } from "@/components/ui/empty";
import { ListSkeleton } from "@/components/ui/skeleton";
import { HistoryEntry } from "@/domain/review/history-entry";
import { namesOf } from "@/domain/targeting/wording";
import { messages } from "./messages";
import { RevertButton } from "./revert-button";

export interface HistoryTabProps {
  org: string;
  project: string;
  flag: Flag;
  environment: Environment;
}

/** What was done to a flag: to its definition, and to its targeting in the environment that is looked at. */
export function HistoryTab({ org, project, flag, environment }: HistoryTabProps) {
  const history = useInfiniteQuery(
    auditQuery(org, { project, environment: environment.key, flag: flag.key }),
  );
  if (history.isPending) return <ListSkeleton rows={4} label={messages.loading} />;
  if (history.isLoadingError) return <ErrorNote error={history.error} retry={() => void history.refetch()} />;
  const entries = history.data.pages.flatMap((page) => page.items);
  const names = namesOf(flag.variations);
  const newest = entries.find((entry) => entry.environment);
  return (
    <>
      <p className="mb-3 text-sm text-muted">{messages.description(environment.name)}</p>
      {entries.length === 0 && <Empty title={messages.none}>{messages.noneHelp}</Empty>}
      <ol aria-label={messages.label} className="divide-y rounded-[9px] border">
        {entries.map((entry) => (
          <li key={entry.id} className="px-4 py-1.5">
            <HistoryEntry
              entry={entry}
              names={names}
              action={
                newest && entry.environment && entry.before && entry.after ? (
                  <RevertButton
                    scope={{ org, project, flag: flag.key, environment: environment.key }}
                    environment={environment}
                    entry={entry}
                    names={names}
                    newest={newest}
                    disabledReason={flag.archivedAt ? messages.archived : undefined}
                  />
                ) : null
              }
            />
          </li>
        ))}
      </ol>
      <MoreButton query={history} />
    </>
  );
}
