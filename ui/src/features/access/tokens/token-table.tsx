import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { ApiToken } from "@/api/types";
import { Confirm } from "@/components/confirm";
import type { MoreQuery } from "@/components/more-button";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { Reason } from "@/components/ui/reason";
import { messages as shared } from "@/domain/messages";
import { messages } from "./messages";

export interface TokenTableProps {
  org: string;
  label: string;
  tokens: readonly ApiToken[];
  personal?: boolean;
  /** Why the person may not revoke them. */
  refusal?: Reason;
  revoke: (token: string) => Promise<unknown>;
  more: MoreQuery;
}

/** Tokens with their last use and their end. */
export function TokenTable(props: TokenTableProps) {
  const { org, label, tokens, personal = false, refusal, revoke, more } = props;
  const columns = useMemo(
    () => tokenColumns(org, personal, refusal, revoke),
    [org, personal, refusal, revoke],
  );
  return <DataTable label={label} rows={tokens} columns={columns} rowId={({ id }) => id} more={more} />;
}

function tokenColumns(
  org: string,
  personal: boolean,
  refusal: Reason,
  revoke: TokenTableProps["revoke"],
): Column<ApiToken>[] {
  const limit: Column<ApiToken> = {
    id: "limit",
    header: messages.atMost,
    width: 170,
    cell: ({ atMost }) => <Badge>{atMost ? shared.roles[atMost] : messages.noLimit}</Badge>,
  };
  return [
    {
      id: "name",
      header: messages.token,
      width: 260,
      phoneWidth: 170,
      pinned: true,
      cell: (token) => (
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="font-medium [overflow-wrap:anywhere]">{token.name}</span>
          <code className="font-mono text-[11.5px] text-faint">{token.prefix}…</code>
        </span>
      ),
    },
    ...(personal ? [limit] : []),
    {
      id: "used",
      header: messages.lastUsed,
      width: 130,
      cell: ({ lastUsedAt }) => <When at={lastUsedAt} otherwise={messages.neverUsed} />,
    },
    {
      id: "expires",
      header: messages.expires,
      width: 140,
      cell: ({ expiresAt }) =>
        expiresAt && Date.parse(expiresAt) < Date.now() ? (
          <Badge tone="danger">{messages.expired}</Badge>
        ) : (
          <When at={expiresAt} otherwise={messages.neverExpires} />
        ),
    },
    {
      id: "actions",
      header: <span className="sr-only">{messages.actions}</span>,
      width: 100,
      align: "end",
      cell: (token) => <RevokeToken org={org} token={token} refusal={refusal} revoke={revoke} />,
    },
  ];
}

function When({ at, otherwise }: { at: string | null; otherwise: string }) {
  return <span className="whitespace-nowrap text-xs text-muted">{at ? <Time at={at} /> : otherwise}</span>;
}

interface RevokeTokenProps {
  org: string;
  token: ApiToken;
  refusal: Reason;
  revoke: TokenTableProps["revoke"];
}

function RevokeToken({ org, token, refusal, revoke }: RevokeTokenProps) {
  const [asking, setAsking] = useState(false);
  const revoked = useMutation({
    mutationFn: () => revoke(token.id),
    meta: { awaits: [keys.access(org)], invalidates: [keys.audit(org)] },
    onSuccess: () => {
      toast.success(messages.revoked(token.name));
    },
  });
  return (
    <>
      <Button
        size="sm"
        aria-label={messages.revokeNamed(token.name)}
        disabledReason={refusal}
        onClick={() => setAsking(true)}
      >
        {messages.revoke}
      </Button>
      {asking && (
        <Confirm
          danger
          title={messages.revokeTitle(token.name)}
          description={messages.revokeHelp}
          action={messages.revokeSubmit}
          busy={revoked.isPending}
          refused={formError(revoked.error, [])}
          onConfirm={() => revoked.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
