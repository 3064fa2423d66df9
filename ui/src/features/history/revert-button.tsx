import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { TargetingScope } from "@/api/flags";
import { getTargeting, restoreTargeting } from "@/api/flags";
import { holdTargeting } from "@/api/held";
import { formError, Problem, reasonOf } from "@/api/problem";
import { keys } from "@/api/queries";
import type { AuditEntry, Environment, Targeting } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { Button } from "@/components/ui/button";
import type { Reason } from "@/components/ui/reason";
import { placeOf } from "@/domain/access/holds";
import { useRefusal } from "@/domain/access/use-refusal";
import { expectEcho } from "@/domain/live/echoes";
import { targetingId } from "@/domain/live/ids";
import { Review } from "@/domain/review/review";
import { targetingChanges } from "@/domain/targeting/changes";
import { configOf } from "@/domain/targeting/config";
import type { VariationNames } from "@/domain/targeting/wording";
import { messages } from "./messages";

export interface RevertButtonProps {
  scope: TargetingScope;
  environment: Environment;
  entry: AuditEntry;
  names: VariationNames;
  /** The newest change of the targeting: it is undone, while an older one is gone back to. */
  newest: AuditEntry;
  /** Why the flag cannot be changed, whoever asks. */
  disabledReason: Reason;
}

/** Brings back the targeting from before the newest change, or as it was after an older one: at one click, or in
 * production after a look at what that changes. */
export function RevertButton(props: RevertButtonProps) {
  const { scope, environment, entry, names, newest, disabledReason } = props;
  const client = useQueryClient();
  const refusal = useRefusal(["targeting.update", "flag.toggle"], placeOf(scope));
  const [asked, setAsked] = useState<Targeting | null>(null);
  const undo = entry.id === newest.id;
  const goal = (undo ? entry.before : entry.after) as Targeting;
  const revert = useMutation({
    mutationFn: ({ version, comment }: { version: number; comment?: string }) => {
      const state = undo ? "before" : "after";
      return restoreTargeting(scope, { entry: entry.id, state }, { version, comment });
    },
    meta: { invalidates: [keys.audit(scope.org)] },
    onMutate: () => expectEcho(targetingId(scope.project, scope.flag, scope.environment)),
    onSuccess: (targeting) => {
      holdTargeting(client, scope, targeting);
      toast.success(messages.reverted);
      setAsked(null);
    },
    onError: (error, _sent, forgetEcho) => {
      forgetEcho?.();
      void client.invalidateQueries({ queryKey: keys.audit(scope.org) });
      const overtaken = error instanceof Problem && error.status === 412;
      if (overtaken && asked) setAsked(error.current as Targeting);
      if (!asked)
        toast.error(messages.failed, { description: overtaken ? messages.changedSince : reasonOf(error) });
    },
  });
  // What is reverted is what the history shows. Whatever came after it would go as well, unseen.
  const press = (present: Targeting) => {
    const shown = newest.after as Targeting;
    if (targetingChanges(configOf(shown), configOf(present)).length > 0) {
      void client.invalidateQueries({ queryKey: keys.audit(scope.org) });
      toast.error(messages.failed, { description: messages.changedSince });
    } else if (targetingChanges(configOf(present), configOf(goal)).length === 0) {
      toast(messages.nothing);
    } else if (environment.production) setAsked(present);
    else revert.mutate({ version: present.version });
  };
  const read = useMutation({
    mutationFn: () => getTargeting(scope),
    onSuccess: press,
    onError: (error) => toast.error(messages.failed, { description: reasonOf(error) }),
  });
  return (
    <>
      <Button
        size="sm"
        busy={read.isPending || (revert.isPending && !asked)}
        disabledReason={refusal || disabledReason}
        onClick={() => read.mutate()}
      >
        <Undo2 aria-hidden /> {undo ? messages.undo : messages.goBack}
      </Button>
      {asked && (
        <Confirm
          title={undo ? messages.undoTitle(environment.name) : messages.goBackTitle(environment.name)}
          description={messages.production}
          action={messages.revert}
          comments
          className="max-w-xl"
          refused={formError(revert.error, [])}
          busy={revert.isPending}
          onConfirm={(comment) => revert.mutate({ version: asked.version, comment })}
          onClose={() => {
            revert.reset();
            setAsked(null);
          }}
        >
          <Review changes={targetingChanges(configOf(asked), configOf(goal), names)} />
        </Confirm>
      )}
    </>
  );
}
