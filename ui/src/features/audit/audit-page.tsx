import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { auditQuery, projectsQuery } from "@/api/queries";
import type { AuditEntry } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { itemsOf, useEveryPage } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input, NativeSelect } from "@/components/ui/input";
import { ListSkeleton } from "@/components/ui/skeleton";
import { actionName, knownActions } from "@/domain/review/entry-changes";
import { HistoryEntry } from "@/domain/review/history-entry";
import { page, paths } from "@/paths";
import { AccessDetail } from "./access-detail";
import type { AuditSearch } from "./audit-search";
import { messages } from "./messages";

export function AuditPage() {
  const { org } = useParams({ from: page(paths.audit) });
  const search = useSearch({ from: page(paths.audit) });
  const log = useInfiniteQuery({ ...auditQuery(org, search), placeholderData: (held) => held });
  const entries = useMemo(() => itemsOf(log.data), [log.data]);
  const columns = useMemo(() => auditColumns(org), [org]);
  return (
    <>
      <PageHeader title={messages.title} description={messages.description} />
      <AuditFilters org={org} search={search} />
      {log.isPending && <ListSkeleton label={messages.loading} />}
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

function AuditFilters({ org, search }: { org: string; search: AuditSearch }) {
  const navigate = useNavigate({ from: paths.audit });
  const projects = useInfiniteQuery(projectsQuery(org));
  useEveryPage(projects);
  const project = itemsOf(projects.data).find((item) => item.key === search.project);
  const set = (name: keyof AuditSearch, value: string) => {
    const kept: AuditSearch =
      name === "project" ? (search.action ? { action: search.action } : {}) : { ...search };
    delete kept[name];
    void navigate({ search: value ? { ...kept, [name]: value } : kept, replace: true });
  };
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <NativeSelect
        aria-label={messages.project}
        value={search.project ?? ""}
        onChange={(event) => set("project", event.target.value)}
      >
        <option value="">{messages.allProjects}</option>
        {itemsOf(projects.data).map((item) => (
          <option key={item.key} value={item.key}>
            {item.name}
          </option>
        ))}
      </NativeSelect>
      {project && (
        <NativeSelect
          aria-label={messages.environment}
          value={search.environment ?? ""}
          onChange={(event) => set("environment", event.target.value)}
        >
          <option value="">{messages.allEnvironments}</option>
          {project.environments.map((item) => (
            <option key={item.key} value={item.key}>
              {item.name}
            </option>
          ))}
        </NativeSelect>
      )}
      <NativeSelect
        aria-label={messages.action}
        value={search.action ?? ""}
        onChange={(event) => set("action", event.target.value)}
      >
        <option value="">{messages.allActions}</option>
        {knownActions().map((action) => (
          <option key={action} value={action}>
            {actionName(action)}
          </option>
        ))}
      </NativeSelect>
      <Input
        aria-label={messages.flagKey}
        placeholder={messages.flagKey}
        className="w-44 font-mono text-xs"
        defaultValue={search.flag ?? ""}
        key={search.flag}
        onBlur={(event) =>
          event.target.value !== (search.flag ?? "") && set("flag", event.target.value.trim())
        }
        onKeyDown={(event) => event.key === "Enter" && set("flag", event.currentTarget.value.trim())}
      />
      {Object.keys(search).length > 0 && (
        <Button look="ghost" onClick={() => void navigate({ search: {}, replace: true })}>
          {messages.clear}
        </Button>
      )}
    </div>
  );
}

function auditColumns(org: string): Column<AuditEntry>[] {
  return [
    {
      id: "change",
      header: messages.change,
      width: 420,
      phoneWidth: 300,
      cell: (entry) => <HistoryEntry entry={entry} subject={<Subject org={org} entry={entry} />} />,
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
