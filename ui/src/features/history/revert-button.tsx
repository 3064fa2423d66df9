import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { TargetingScope } from "@/api/flags";
import { getTargeting, restoreTargeting } from "@/api/flags";
import { Problem } from "@/api/problem";
import { keys, targetingQuery } from "@/api/queries";
import type { AuditEntry, Environment, Targeting } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { flagId, markOwn } from "@/features/live/flashes";
import { useRefusal } from "@/features/session/access";
import { ChangeList } from "@/features/targeting/change-list";
import { targetingChanges } from "@/features/targeting/changes";
import { configOf } from "@/features/targeting/drafts";
import type { VariationNames } from "@/features/targeting/wording";

export interface RevertButtonProps {
  scope: TargetingScope;
  environment: Environment;
  entry: AuditEntry;
  names: VariationNames;
  /** The newest change is undone; an older one is gone back to. */
  latest: boolean;
}

/** Brings back the targeting from before the newest change, or as it was after an older one. */
export function RevertButton({ scope, environment, entry, names, latest }: RevertButtonProps) {
  const client = useQueryClient();
  const refusal = useRefusal("editor");
  const [present, setPresent] = useState<Targeting | "loading" | null>(null);
  const state = latest ? "before" : "after";
  const goal = (latest ? entry.before : entry.after) as Targeting | undefined;
  const revert = useMutation({
    mutationFn: (version: number) => {
      markOwn(flagId(scope.project, scope.flag));
      return restoreTargeting(scope, { entry: entry.id, state }, { version });
    },
    onSuccess: (targeting) => {
      client.setQueryData(targetingQuery(scope).queryKey, targeting);
      void client.invalidateQueries({ queryKey: keys.flags(scope) });
      void client.invalidateQueries({ queryKey: keys.flag(scope) });
      void client.invalidateQueries({ queryKey: keys.audit(scope.org) });
      toast.success("Reverted");
      setPresent(null);
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 412) setPresent(error.current as Targeting);
    },
  });
  const ask = async () => {
    setPresent("loading");
    const now = await getTargeting(scope).catch(() => null);
    setPresent(now);
  };
  const ready = present !== null && present !== "loading";
  const changes = ready && goal ? targetingChanges(configOf(present), configOf(goal), names) : [];
  return (
    <>
      <Button size="sm" disabledReason={refusal} onClick={() => void ask()}>
        <Undo2 aria-hidden /> {latest ? "Undo this" : "Go back to this"}
      </Button>
      {present && (
        <Confirm
          title={latest ? `Undo this in ${environment.name}?` : `Go back to this in ${environment.name}?`}
          action="Revert"
          busy={revert.isPending}
          error={revert.error}
          disabledReason={ready && changes.length === 0 ? "It is like this already." : undefined}
          onConfirm={() => ready && revert.mutate(present.version)}
          onCancel={() => setPresent(null)}
        >
          {!ready && <Skeleton className="h-10" />}
          {ready && changes.length === 0 && "It is like this already: there is nothing to revert."}
          {changes.length > 0 && <ChangeList changes={changes} className="text-ink" />}
        </Confirm>
      )}
    </>
  );
}
