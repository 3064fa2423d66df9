import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { EnvironmentScope } from "@/api/projects";
import { sdkKeysQuery } from "@/api/queries";
import type { KeyKind, SdkKey } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { itemsOf, useEveryPage } from "@/components/every-page";
import { DataTable } from "@/components/table/data-table";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { placeOf } from "@/domain/access/holds";
import { useRefusal } from "@/domain/access/use-refusal";
import { CreateKeyDialog } from "./create-key-dialog";
import { isDead } from "./dead-key";
import { keyColumns } from "./key-columns";
import { messages } from "./messages";

const KINDS: readonly KeyKind[] = ["server", "client"];

export function KeysSection({ scope }: { scope: EnvironmentScope }) {
  const keys = useInfiniteQuery(sdkKeysQuery(scope));
  useEveryPage(keys);
  const refusal = useRefusal("key.manage", placeOf(scope));
  const [creating, setCreating] = useState<KeyKind | null>(null);
  const [gone, setGone] = useState(false);
  const items = itemsOf(keys.data);
  const dead = items.filter(isDead).length;
  const shown = items.filter((key) => gone || !isDead(key));
  return (
    <div className="space-y-8">
      {keys.isPending && <ListSkeleton rows={3} label={messages.key.loading} />}
      {keys.isLoadingError && <ErrorNote error={keys.error} retry={() => void keys.refetch()} />}
      {keys.isSuccess &&
        KINDS.map((kind) => {
          const { title, description, create } = messages.keys[kind];
          const ofKind = shown.filter((key) => key.kind === kind);
          return (
            <Section
              key={kind}
              title={title}
              description={description}
              actions={
                <Button size="sm" disabledReason={refusal} onClick={() => setCreating(kind)}>
                  <Plus aria-hidden /> {create}
                </Button>
              }
            >
              <KeyTable scope={scope} kind={kind} title={title} keys={ofKind} />
            </Section>
          );
        })}
      {dead > 0 && (
        <Button look="link" size="none" aria-expanded={gone} onClick={() => setGone(!gone)}>
          {gone ? messages.key.hideInactive(dead) : messages.key.showInactive(dead)}
        </Button>
      )}
      {creating && <CreateKeyDialog scope={scope} kind={creating} onClose={() => setCreating(null)} />}
    </div>
  );
}

interface KeyTableProps {
  scope: EnvironmentScope;
  kind: KeyKind;
  title: string;
  keys: SdkKey[];
}

function KeyTable({ scope, kind, title, keys }: KeyTableProps) {
  const { org, project, environment } = scope;
  const columns = useMemo(
    () => keyColumns({ org, project, environment }, kind),
    [org, project, environment, kind],
  );
  if (keys.length === 0) return <Panel className="px-4 py-5 text-sm text-muted">{messages.key.none}</Panel>;
  return <DataTable label={title} rows={keys} columns={columns} rowId={({ id }) => id} isDimmed={isDead} />;
}
