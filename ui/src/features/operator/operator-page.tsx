import { keepPreviousData, useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, KeyRound } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { operatedOrganizationsQuery, sessionQuery } from "@/api/queries";
import type { OperatedOrganization } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { ListSkeleton } from "@/components/ui/skeleton";
import { usePageTitle } from "@/lib/page-title";
import { paths } from "@/paths";
import { messages } from "./messages";
import { OrganizationActions } from "./organization-actions";
import { ResetDialog } from "./reset-dialog";

/** For who runs the hub: its organizations from outside. */
export function OperatorPage() {
  usePageTitle(messages.title);
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [search, setSearch] = useState("");
  const asked = useDeferredValue(search.trim());
  const organizations = useInfiniteQuery({
    ...operatedOrganizationsQuery(asked),
    enabled: session.operator,
    placeholderData: keepPreviousData,
  });
  const [resetting, setResetting] = useState(false);
  const columns = useMemo(organizationColumns, []);
  const rows = useMemo(() => itemsOf(organizations.data), [organizations.data]);
  return (
    <main className="mx-auto max-w-6xl px-4 py-8">
      <Link
        to={paths.home}
        className="mb-3 inline-flex items-center gap-1.5 text-sm text-muted hover:text-ink"
      >
        <ArrowLeft className="size-4" aria-hidden /> {messages.back}
      </Link>
      <PageHeader
        title={messages.title}
        description={messages.description}
        actions={
          session.operator && (
            <Button onClick={() => setResetting(true)}>
              <KeyRound aria-hidden /> {messages.reset.open}
            </Button>
          )
        }
      />
      {session.operator ? (
        <>
          <Input
            type="search"
            aria-label={messages.search}
            placeholder={messages.search}
            className="mb-3 max-w-sm"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          {organizations.isPending && <ListSkeleton rows={4} label={messages.loading} />}
          {organizations.isLoadingError && (
            <ErrorNote error={organizations.error} retry={() => void organizations.refetch()} />
          )}
          {organizations.isSuccess && rows.length === 0 && (
            <Empty title={messages.noMatches}>{messages.noMatchesHelp}</Empty>
          )}
          {rows.length > 0 && (
            <DataTable
              label={messages.organizations}
              rows={rows}
              columns={columns}
              rowId={({ id }) => id}
              more={organizations}
              stale={organizations.isPlaceholderData}
            />
          )}
        </>
      ) : (
        <Empty title={messages.operatorsOnly}>{messages.operatorsOnlyHelp}</Empty>
      )}
      {resetting && <ResetDialog onClose={() => setResetting(false)} />}
    </main>
  );
}

function count(
  id: "members" | "projects" | "environments" | "flags" | "evaluations",
  width: number,
): Column<OperatedOrganization> {
  return {
    id,
    header: messages[id],
    width,
    align: "end",
    cell: (row) => <span className="tabular-nums">{messages.count(row[id])}</span>,
  };
}

function organizationColumns(): Column<OperatedOrganization>[] {
  return [
    {
      id: "organization",
      header: messages.organization,
      width: 240,
      phoneWidth: 180,
      pinned: true,
      cell: ({ name, key, suspendedAt }) => (
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{name}</span>
          <code className="font-mono text-xs text-muted">{key}</code>
          {suspendedAt && <Badge>{messages.suspended}</Badge>}
        </span>
      ),
    },
    count("members", 90),
    count("projects", 90),
    count("environments", 120),
    count("flags", 80),
    count("evaluations", 160),
    {
      id: "created",
      header: messages.created,
      width: 120,
      hideBelow: 900,
      cell: ({ createdAt }) => <Time at={createdAt} className="whitespace-nowrap text-xs text-faint" />,
    },
    {
      id: "actions",
      header: <span className="sr-only">{messages.actions}</span>,
      width: 60,
      align: "end",
      cell: (organization) => <OrganizationActions organization={organization} />,
    },
  ];
}
