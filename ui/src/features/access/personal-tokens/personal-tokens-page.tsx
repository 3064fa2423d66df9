import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { createPersonalToken, revokePersonalToken } from "@/api/access";
import { personalTokensQuery } from "@/api/access-queries";
import { sessionQuery } from "@/api/queries";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ListSkeleton } from "@/components/ui/skeleton";
import { useCommands } from "@/domain/palette/commands";
import { page, paths } from "@/paths";
import { CreateTokenDialog } from "../tokens/create-token-dialog";
import { messages as shared } from "../tokens/messages";
import { TokenTable } from "../tokens/token-table";
import { messages } from "./messages";

/** The signed-in person's own tokens in one organization. */
export function PersonalTokensPage() {
  const { org } = useParams({ from: page(paths.personalTokens) });
  const session = useQuery(sessionQuery);
  const tokens = useInfiniteQuery(personalTokensQuery(org));
  const items = useMemo(() => itemsOf(tokens.data), [tokens.data]);
  const [creating, setCreating] = useState(false);
  const revoke = useCallback((token: string) => revokePersonalToken(org, token), [org]);
  useCommands([{ id: "create-personal-token", name: messages.createCommand, run: () => setCreating(true) }]);
  const name = session.data?.organizations.find((item) => item.key === org)?.name ?? org;
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden /> {shared.create}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={messages.title}
        description={messages.description(name)}
        actions={items.length > 0 && create}
      />
      {tokens.isPending && <ListSkeleton rows={3} label={messages.loading} />}
      {tokens.isLoadingError && <ErrorNote error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.isSuccess && items.length === 0 && (
        <Empty title={messages.none} action={create}>
          {messages.noneHelp}
        </Empty>
      )}
      {items.length > 0 && (
        <TokenTable org={org} label={messages.title} tokens={items} personal revoke={revoke} more={tokens} />
      )}
      {creating && (
        <CreateTokenDialog
          org={org}
          personal
          create={(token) => createPersonalToken(org, token)}
          onClose={() => setCreating(false)}
        />
      )}
    </>
  );
}
