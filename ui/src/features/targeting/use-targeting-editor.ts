import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import type { TargetingScope } from "@/api/flags";
import { replaceTargeting } from "@/api/flags";
import { holdTargeting } from "@/api/held";
import { Problem, reasonOf } from "@/api/problem";
import { keys, targetingQuery } from "@/api/queries";
import type { Targeting, TargetingConfig, Variation } from "@/api/types";
import { useDraft } from "@/domain/drafts/use-draft";
import { expectEcho } from "@/domain/live/echoes";
import { targetingId } from "@/domain/live/ids";
import type { Change } from "@/domain/targeting/changes";
import { targetingChanges } from "@/domain/targeting/changes";
import type { TargetingDraft } from "@/domain/targeting/config";
import { draftOf, targetingDraftId, withoutEmptyTargets } from "@/domain/targeting/config";
import type { PointedProblem } from "@/domain/targeting/problems";
import { targetingProblems } from "@/domain/targeting/problems";
import { rebase } from "@/domain/targeting/rebase";
import { namesOf } from "@/domain/targeting/wording";
import { messages } from "./messages";

export interface TargetingEditor {
  config: TargetingConfig;
  /** The state that the unsaved changes are made on. */
  base: TargetingConfig;
  changes: Change[];
  /** Set when somebody else has changed what is being edited. */
  theirs: TargetingConfig | null;
  /** Why nothing can be saved now, whatever the draft says. */
  blocked: string | null;
  problems: PointedProblem[];
  saving: boolean;
  /** Why the last save was refused; nothing once it is no longer what was refused. */
  refused: string | undefined;
  edit: (part: Partial<TargetingDraft>) => void;
  discard: () => void;
  save: (comment?: string) => Promise<boolean>;
  /** Puts the unsaved changes on top of the others'; gives back what both had changed. */
  reapply: () => string[];
}

interface Save {
  sent: TargetingConfig;
  version: number;
  comment: string | undefined;
}

/** The unsaved changes to a flag's targeting in one environment, kept in step with what the hub holds. */
export function useTargetingEditor(
  scope: TargetingScope,
  held: Targeting,
  variations: readonly Variation[],
): TargetingEditor {
  const client = useQueryClient();
  const [saving, setSaving] = useState(false);
  const draft = useDraft({
    id: targetingDraftId(scope),
    held: draftOf(held),
    version: held.version,
    merge: rebase,
    saving,
  });
  const withSwitch = (part: TargetingDraft): TargetingConfig => ({ ...part, enabled: held.enabled });
  const config = withSwitch(draft.value);
  const base = withSwitch(draft.base);

  const save = useMutation({
    mutationFn: ({ sent, version, comment }: Save) =>
      replaceTargeting(scope, withoutEmptyTargets(sent), version, comment),
    meta: { invalidates: [keys.audit(scope.org)] },
    onMutate: () => {
      setSaving(true);
      return expectEcho(targetingId(scope.project, scope.flag, scope.environment));
    },
    onSuccess: (saved, { sent }) => {
      const { enabled: _, ...saving } = sent;
      draft.saved(saving, draftOf(saved), saved.version);
      holdTargeting(client, scope, saved);
      toast.success(messages.saved, {
        description: messages.savedHelp(scope.environment),
      });
    },
    onError: (error, _sent, forgetEcho) => {
      forgetEcho?.();
      if (error instanceof Problem && error.status === 412 && error.current) {
        client.setQueryData(targetingQuery(scope).queryKey, error.current as Targeting);
        return;
      }
      const pointed = error instanceof Problem && error.errors.length > 0;
      toast.error(messages.notSaved, { description: pointed ? messages.fixFields : reasonOf(error) });
    },
    onSettled: () => setSaving(false),
  });

  const refused = save.error instanceof Problem && save.error.status !== 412 ? save.error.errors : [];
  return {
    config,
    base,
    changes: draft.isChanged ? targetingChanges(base, config, namesOf(variations)) : [],
    theirs: draft.theirs && withSwitch(draft.theirs),
    blocked: draft.blocked,
    problems: [...targetingProblems(config), ...refused],
    saving: save.isPending,
    refused: save.error && refused.length === 0 ? reasonOf(save.error) : refused[0]?.detail,
    edit: (part) => {
      if (save.isError) save.reset();
      draft.edit(part);
    },
    discard: () => {
      save.reset();
      draft.discard();
    },
    save: (comment) =>
      save.mutateAsync({ sent: config, version: draft.version, comment: comment || undefined }).then(
        () => true,
        () => false,
      ),
    reapply: () => {
      save.reset();
      return draft.reapply();
    },
  };
}
