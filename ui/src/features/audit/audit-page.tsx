import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { auditQuery } from "@/api/queries";
import type { AuditEntry } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Badge } from "@/components/ui/badge";
import { Empty } from "@/components/ui/empty";
import { ListSkeleton } from "@/components/ui/skeleton";
import { HistoryEntry } from "@/domain/review/history-entry";
import { page, paths } from "@/paths";
import { AccessDetail } from "./access-detail";
import { AuditFilters } from "./audit-filters";
import type { AuditSearch } from "./audit-search";
import { auditFilter, isBackwards, parseAuditSearch } from "./audit-search";
import { ChainNote } from "./chain-note";
import { EntryDetails } from "./entry-details";
import { ExportMenu } from "./export-menu";
import { messages } from "./messages";

export function AuditPage() {
  const { org } = useParams({ from: page(paths.audit) });
  const found = useSearch({ from: page(paths.audit) });
  // The router also returns other members of the URL, such as `flag` in a link.
  const search = useMemo(() => parseAuditSearch({ ...found }), [found]);
  const backwards = isBackwards(search);
  const log = useInfiniteQuery({
    ...auditQuery(org, auditFilter(search)),
    enabled: !backwards,
    placeholderData: (held) => held,
  });
  const entries = useMemo(() => itemsOf(log.data), [log.data]);
  const columns = useMemo(() => auditColumns(org, search), [org, search]);
  return (
    <>
      <PageHeader
        title={messages.title}
        description={messages.description}
        actions={<ExportMenu org={org} search={search} />}
      />
      <ChainNote org={org} />
      <AuditFilters org={org} search={search} entries={entries} />
      {log.isLoading && <ListSkeleton label={messages.loading} />}
      {log.isLoadingError && <ErrorNote error={log.error} retry={() => void log.refetch()} />}
      {log.isSuccess && entries.length === 0 && (
        <Empty title={messages.noMatches}>{messages.noMatchesHelp}</Empty>
      )}
      {entries.length > 0 && (
        <DataTable
          fill
          label={messages.changes}
          rows={entries}
          columns={columns}
          rowId={({ id }) => id}
          rowHeight={72}
          more={log}
          stale={log.isPlaceholderData}
        />
      )}
    </>
  );
}

function auditColumns(org: string, search: AuditSearch): Column<AuditEntry>[] {
  return [
    {
      id: "change",
      header: messages.change,
      width: 420,
      phoneWidth: 300,
      cell: (entry) => (
        <HistoryEntry
          entry={entry}
          subject={<Subject org={org} entry={entry} />}
          details={<EntryDetails org={org} entry={entry} search={search} />}
        />
      ),
    },
    {
      id: "where",
      header: messages.where,
      width: 170,
      top: true,
      hideBelow: 560,
      cell: ({ project, environment }) => (
        <span className="flex flex-wrap items-center gap-1.5 text-xs text-muted">
          {project}
          {environment && <Badge>{environment}</Badge>}
        </span>
      ),
    },
  ];
}

function Subject({ org, entry }: { org: string; entry: AuditEntry }) {
  const { subject, project, environment } = entry;
  const name = <span className="font-mono text-xs">{subject.key}</span>;
  return (
    <>
      {project && subject.kind === "flag" ? (
        <Link
          to={paths.flag}
          params={{ org, project, flag: subject.key }}
          search={environment ? { env: environment } : {}}
          className="hover:underline"
        >
          {name}
        </Link>
      ) : (
        name
      )}
      <AccessDetail org={org} entry={entry} />
    </>
  );
}
