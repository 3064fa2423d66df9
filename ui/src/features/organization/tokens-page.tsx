import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { revokeToken } from "@/api/organizations";
import { formError } from "@/api/problem";
import { keys, tokensQuery } from "@/api/queries";
import type { ApiToken } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ReasonText } from "@/components/ui/reason";
import { ListSkeleton } from "@/components/ui/skeleton";
import { useRefusal } from "@/domain/access/use-refusal";
import { messages as shared } from "@/domain/messages";
import { useCommands } from "@/domain/palette/commands";
import { page, paths } from "@/paths";
import { CreateTokenDialog } from "./create-token-dialog";
import { messages } from "./messages";

export function TokensPage() {
  const { org } = useParams({ from: page(paths.tokens) });
  const refusal = useRefusal("serviceAccount.manage");
  const tokens = useInfiniteQuery({ ...tokensQuery(org), enabled: !refusal });
  const [creating, setCreating] = useState(false);
  useCommands([
    {
      id: "create-token",
      name: messages.tokens.createCommand,
      run: () => setCreating(true),
      disabledReason: refusal,
    },
  ]);
  const create = (
    <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
      <Plus aria-hidden /> {messages.tokens.create}
    </Button>
  );
  const items = useMemo(() => itemsOf(tokens.data), [tokens.data]);
  const columns = useMemo(() => tokenColumns(org), [org]);
  return (
    <>
      <PageHeader
        title={messages.tokens.title}
        description={messages.tokens.description}
        actions={items.length > 0 && create}
      />
      {tokens.isLoading && <ListSkeleton rows={3} label={messages.tokens.loading} />}
      {tokens.isLoadingError && <ErrorNote error={tokens.error} retry={() => void tokens.refetch()} />}
      {refusal && (
        <Empty title={messages.tokens.adminsOnly}>
          <ReasonText reason={refusal} />
        </Empty>
      )}
      {tokens.data && items.length === 0 && (
        <Empty title={messages.tokens.none} action={create}>
          {messages.tokens.noneHelp}
        </Empty>
      )}
      {items.length > 0 && (
        <DataTable
          fill
          label={messages.tokens.title}
          rows={items}
          columns={columns}
          rowId={({ id }) => id}
          more={tokens}
        />
      )}
      {creating && <CreateTokenDialog org={org} onClose={() => setCreating(false)} />}
    </>
  );
}

function RevokeToken({ org, token }: { org: string; token: ApiToken }) {
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => revokeToken(org, token.id),
    meta: { awaits: [keys.organization(org)] },
    onSuccess: () => {
      toast.success(messages.tokens.revoked(token.name));
    },
  });
  return (
    <>
      <Button size="sm" aria-label={messages.tokens.revokeNamed(token.name)} onClick={() => setAsking(true)}>
        {messages.tokens.revoke}
      </Button>
      {asking && (
        <Confirm
          title={messages.tokens.revokeTitle(token.name)}
          description={messages.tokens.revokeHelp}
          action={messages.tokens.revokeSubmit}
          danger
          busy={revoke.isPending}
          refused={formError(revoke.error, [])}
          onConfirm={() => revoke.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function tokenColumns(org: string): Column<ApiToken>[] {
  return [
    {
      id: "name",
      header: messages.tokens.token,
      width: 280,
      phoneWidth: 170,
      pinned: true,
      cell: (token) => (
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="font-medium [overflow-wrap:anywhere]">{token.name}</span>
          <code className="font-mono text-[11.5px] text-faint">{token.prefix}…</code>
        </span>
      ),
    },
    {
      id: "role",
      header: messages.role,
      width: 100,
      cell: (token) => <Badge>{token.role ? shared.roles[token.role] : shared.withoutRole}</Badge>,
    },
    {
      id: "used",
      header: messages.tokens.lastUsed,
      width: 130,
      cell: ({ lastUsedAt }) => <When at={lastUsedAt} otherwise={messages.tokens.neverUsed} />,
    },
    {
      id: "expires",
      header: messages.tokens.expires,
      width: 130,
      cell: ({ expiresAt }) => <When at={expiresAt} otherwise={messages.tokens.neverExpires} />,
    },
    {
      id: "actions",
      header: <span className="sr-only">{messages.tokens.actions}</span>,
      width: 100,
      align: "end",
      cell: (token) => <RevokeToken org={org} token={token} />,
    },
  ];
}

function When({ at, otherwise }: { at: string | null; otherwise: string }) {
  return <span className="whitespace-nowrap text-xs text-muted">{at ? <Time at={at} /> : otherwise}</span>;
}
