import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { toast } from "sonner";
import type { TargetingScope } from "@/api/flags";
import { replaceTargeting } from "@/api/flags";
import { holdTargeting } from "@/api/held";
import { Problem, reasonOf } from "@/api/problem";
import { keys, targetingQuery } from "@/api/queries";
import type { Targeting, TargetingConfig, Variation } from "@/api/types";
import { expectEcho, targetingId } from "@/domain/live/echoes";
import type { Change } from "@/domain/targeting/changes";
import { targetingChanges } from "@/domain/targeting/changes";
import { configOf, setDraft, settleDraft, useDraft } from "@/domain/targeting/drafts";
import type { PointedProblem } from "@/domain/targeting/problems";
import { targetingProblems } from "@/domain/targeting/problems";
import { rebase } from "@/domain/targeting/rebase";
import { namesOf } from "@/domain/targeting/wording";
import { same } from "@/lib/same";

export interface TargetingEditor {
  config: TargetingConfig;
  /** The state that the unsaved changes are made on. */
  base: Targeting;
  changes: Change[];
  /** Set when somebody else has changed what is being edited. */
  theirs: Targeting | null;
  problems: PointedProblem[];
  saving: boolean;
  /** Why the last save was refused; nothing once it is no longer what was refused. */
  refused: string | undefined;
  edit: (part: Partial<TargetingConfig>) => void;
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

function onlySwitched(base: Targeting, now: Targeting): boolean {
  return same({ ...configOf(base), enabled: now.enabled }, configOf(now));
}

/** The unsaved changes to a flag's targeting in one environment, kept in step with what the hub holds. */
export function useTargetingEditor(
  scope: TargetingScope,
  held: Targeting,
  variations: readonly Variation[],
): TargetingEditor {
  const client = useQueryClient();
  const draft = useDraft(scope);
  const base = draft?.base ?? held;
  const config = draft ? { ...draft.config, enabled: held.enabled } : configOf(held);
  const newer = held.version > base.version;

  const save = useMutation({
    mutationFn: ({ sent, version, comment }: Save) => {
      // A list of targets that was opened and left empty says nothing.
      const targets = sent.targets.filter((target) => target.values.length > 0);
      return replaceTargeting(scope, { ...sent, targets }, version, comment);
    },
    meta: { invalidates: [keys.audit(scope.org)] },
    onMutate: () => expectEcho(targetingId(scope.project, scope.flag, scope.environment)),
    onSuccess: (saved, { sent }) => {
      settleDraft(scope, sent, saved);
      holdTargeting(client, scope, saved);
      toast.success("Saved", { description: `Every application connected to ${scope.environment} has it.` });
    },
    onError: (error, _sent, forgetEcho) => {
      forgetEcho?.();
      if (error instanceof Problem && error.status === 412 && error.current) {
        client.setQueryData(targetingQuery(scope).queryKey, error.current as Targeting);
        return;
      }
      const pointed = error instanceof Problem && error.errors.length > 0;
      toast.error("Not saved", { description: pointed ? "Some fields need another look." : reasonOf(error) });
    },
  });

  // A switch that was moved, here or elsewhere, is no conflict with rules being edited.
  useEffect(() => {
    if (draft && newer && onlySwitched(draft.base, held))
      setDraft(scope, { base: held, config: draft.config });
  }, [draft, newer, held, scope]);

  const refused = save.error instanceof Problem && save.error.status !== 412 ? save.error.errors : [];
  return {
    config,
    base,
    changes: draft
      ? targetingChanges(configOf(base), { ...config, enabled: base.enabled }, namesOf(variations))
      : [],
    // While a save is under way, what is newer may be that very save.
    theirs: draft && newer && !save.isPending && !onlySwitched(base, held) ? held : null,
    problems: [...targetingProblems(config), ...refused],
    saving: save.isPending,
    refused: save.error && refused.length === 0 ? reasonOf(save.error) : refused[0]?.detail,
    edit: (part) => {
      if (save.isError) save.reset();
      setDraft(scope, { base, config: { ...config, enabled: base.enabled, ...part } });
    },
    discard: () => {
      save.reset();
      setDraft(scope, null);
    },
    save: (comment) =>
      save.mutateAsync({ sent: config, version: base.version, comment: comment || undefined }).then(
        () => true,
        () => false,
      ),
    reapply: () => {
      save.reset();
      const { config: merged, clashes } = rebase(configOf(base), config, configOf(held));
      setDraft(scope, { base: held, config: merged });
      return clashes;
    },
  };
}
