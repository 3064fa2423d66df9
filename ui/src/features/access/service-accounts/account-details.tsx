import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { createAccountToken, revokeToken } from "@/api/access";
import { accountTokensQuery } from "@/api/access-queries";
import type { ServiceAccount } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { itemsOf, useEveryPage } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { DetailsMenu } from "../frame/details-menu";
import { GrantMatrix } from "../grants/grant-matrix";
import type { Holder } from "../grants/holder";
import { useConferGrants } from "../grants/use-confer-grants";
import { CreateTokenDialog } from "../tokens/create-token-dialog";
import { messages as tokenMessages } from "../tokens/messages";
import { TokenTable } from "../tokens/token-table";
import { DeleteAccount, EditAccount } from "./account-dialogs";
import { messages } from "./messages";

/** What a service account may do, and its tokens. */
export function AccountDetails({ org, account }: { org: string; account: ServiceAccount }) {
  const [dialog, setDialog] = useState<"edit" | "delete" | "token" | null>(null);
  const tokens = useInfiniteQuery(accountTokensQuery(org, account.id));
  useEveryPage(tokens);
  const items = useMemo(() => itemsOf(tokens.data), [tokens.data]);
  const revoke = useCallback((token: string) => revokeToken(org, token), [org]);
  // A token gives all that the account was granted.
  const excess = useConferGrants(org)(account.grants);
  const close = () => setDialog(null);
  const holder = useMemo((): Holder => {
    const { id, name, grants } = account;
    return { kind: "serviceAccount", id, name, grants, affects: name };
  }, [account]);
  return (
    <div className="space-y-6">
      <PageHeader
        title={account.name}
        description={account.description}
        actions={
          <DetailsMenu
            words={messages}
            deleteRefusal={excess}
            onEdit={() => setDialog("edit")}
            onDelete={() => setDialog("delete")}
          />
        }
      />
      <GrantMatrix org={org} holder={holder} />
      <Section
        title={messages.tokens}
        description={messages.tokensHelp}
        actions={
          <Button size="sm" disabledReason={excess} onClick={() => setDialog("token")}>
            <Plus aria-hidden /> {tokenMessages.create}
          </Button>
        }
      >
        {tokens.isPending && <ListSkeleton rows={2} label={messages.loadingTokens} />}
        {tokens.isLoadingError && <ErrorNote error={tokens.error} retry={() => void tokens.refetch()} />}
        {tokens.isSuccess && items.length === 0 && (
          <Panel className="px-4 py-5 text-sm text-muted">{messages.noTokens}</Panel>
        )}
        {items.length > 0 && (
          <TokenTable org={org} label={messages.tokens} tokens={items} revoke={revoke} more={tokens} />
        )}
      </Section>
      {dialog === "edit" && <EditAccount org={org} account={account} onClose={close} />}
      {dialog === "delete" && (
        <DeleteAccount org={org} account={account} tokens={items.length} onClose={close} />
      )}
      {dialog === "token" && (
        <CreateTokenDialog
          org={org}
          create={(token) => createAccountToken(org, account.id, token)}
          onClose={close}
        />
      )}
    </div>
  );
}
