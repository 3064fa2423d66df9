import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { revokeToken } from "@/api/organizations";
import { keys, tokensQuery } from "@/api/queries";
import type { ApiToken } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { MoreButton } from "@/components/more-button";
import { PageHeader } from "@/components/page-header";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Panel } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { useRefusal } from "@/domain/access";
import { page, paths } from "@/paths";
import { CreateTokenDialog } from "./create-token-dialog";

export function TokensPage() {
  const { org } = useParams({ from: page(paths.tokens) });
  const refusal = useRefusal("admin");
  const tokens = useInfiniteQuery({ ...tokensQuery(org), enabled: !refusal });
  const [creating, setCreating] = useState(false);
  const create = (
    <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
      <Plus aria-hidden /> Create token
    </Button>
  );
  const items = itemsOf(tokens.data);
  return (
    <>
      <PageHeader
        title="API tokens"
        description="For scripts and pipelines. Applications use SDK keys instead."
        actions={items.length > 0 && create}
      />
      {tokens.isLoading && <ListSkeleton rows={3} label="Loading tokens" />}
      {tokens.isLoadingError && <ErrorNote error={tokens.error} retry={() => void tokens.refetch()} />}
      {refusal && <Empty title="Tokens are for admins">{refusal}</Empty>}
      {tokens.data && items.length === 0 && (
        <Empty title="No tokens yet" action={create}>
          A token acts for a machine, with a role of its own, and everything it does is in the audit log.
        </Empty>
      )}
      {items.length > 0 && (
        <Panel>
          <ul aria-label="API tokens" className="divide-y">
            {items.map((token) => (
              <TokenRow key={token.id} org={org} token={token} />
            ))}
          </ul>
        </Panel>
      )}
      <MoreButton query={tokens} />
      {creating && <CreateTokenDialog org={org} onClose={() => setCreating(false)} />}
    </>
  );
}

function TokenRow({ org, token }: { org: string; token: ApiToken }) {
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => revokeToken(org, token.id),
    meta: { awaits: [keys.organization(org)] },
    onSuccess: () => {
      toast.success(`${token.name} no longer works`);
    },
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 truncate font-medium">
          {token.name} <Badge>{token.role}</Badge>
        </p>
        <p className="text-xs text-muted">
          <code className="font-mono">{token.prefix}…</code>
          {" · "}
          {token.lastUsedAt ? (
            <>
              used <Time at={token.lastUsedAt} />
            </>
          ) : (
            "never used"
          )}
          {token.expiresAt && (
            <>
              {" · expires "}
              <Time at={token.expiresAt} />
            </>
          )}
        </p>
      </div>
      <Button size="sm" aria-label={`Revoke ${token.name}`} onClick={() => setAsking(true)}>
        Revoke
      </Button>
      {asking && (
        <Confirm
          title={`Revoke ${token.name}?`}
          action="Revoke token"
          danger
          busy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate()}
          onCancel={() => setAsking(false)}
        >
          Whatever uses it is refused from now on. This cannot be undone.
        </Confirm>
      )}
    </li>
  );
}
