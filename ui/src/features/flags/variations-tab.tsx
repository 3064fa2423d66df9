import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { formError, Problem } from "@/api/problem";
import { targetingQuery } from "@/api/queries";
import type { Flag, Targeting } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { ConflictNote } from "@/features/history/conflict-note";
import { stateChanges } from "@/features/history/entry-changes";
import { useRefusal } from "@/features/session/access";
import { mergeLists } from "@/features/targeting/rebase";
import { same } from "@/lib/same";
import { useFlagChange } from "./use-flag-change";
import { readVariations, toDraft } from "./variation-drafts";
import { variationUses } from "./variation-uses";
import { VariationsEditor } from "./variations-editor";

/** What the flag can serve. It is the same in every environment. */
export function VariationsTab({ org, project, flag }: { org: string; project: string; flag: Flag }) {
  const [base, setBase] = useState(flag);
  const [drafts, setDrafts] = useState(() =>
    flag.variations.map((variation) => toDraft(variation, flag.type)),
  );
  const change = useFlagChange({ org, project, flag: flag.key });
  const refusal = useRefusal("editor");
  const { variations, problems } = readVariations(flag.type, drafts);
  const changed = !same(variations, base.variations.map(plain));
  const overtaken = changed && !same(flag.variations, base.variations);
  const start = (from: Flag) => {
    setBase(from);
    setDrafts(from.variations.map((variation) => toDraft(variation, from.type)));
  };
  // Whatever else of the flag was changed meanwhile is no conflict with its variations.
  if (base !== flag && !changed) start(flag);
  else if (base !== flag && !overtaken) setBase(flag);
  const reapply = () => {
    const merged = mergeLists(
      base.variations,
      variations,
      flag.variations,
      ({ key }) => key,
      () => {},
    );
    setDrafts(merged.map((variation) => toDraft(variation, flag.type)));
    setBase(flag);
  };

  const targetings = useQueries({
    queries: Object.keys(flag.environments).map((environment) =>
      targetingQuery({ org, project, flag: flag.key, environment }),
    ),
    combine: (results) => results.flatMap((result): Targeting[] => (result.data ? [result.data] : [])),
  });
  const heldBy = (key: string) => {
    const uses = variationUses(key, targetings);
    return uses.length > 0 && base.variations.some((variation) => variation.key === key)
      ? `It is still served in ${uses.join(", ")}.`
      : undefined;
  };
  const save = () =>
    change.mutate(
      { variations, version: base.version },
      {
        onSuccess: (saved) => {
          start(saved);
          toast.success("Variations saved", { description: "In every environment." });
        },
      },
    );
  const conflict = change.error instanceof Problem && change.error.status === 412;
  return (
    <Panel className="space-y-4 p-4 sm:p-5">
      <p className="text-sm text-muted">What the flag can serve: the same values in every environment.</p>
      {overtaken && (
        <ConflictNote
          theirChanges={stateChanges({ variations: base.variations }, { variations: flag.variations })}
          myChanges={stateChanges({ variations: base.variations }, { variations })}
          onTakeTheirs={() => start(flag)}
          onReapplyMine={reapply}
        />
      )}
      <FormAlert message={conflict ? null : formError(change.error, [])} />
      <VariationsEditor
        type={flag.type}
        drafts={drafts}
        problems={problems}
        onChange={setDrafts}
        disabledReason={flag.archivedAt ? "The flag is archived." : refusal}
        heldBy={heldBy}
      />
      <div className="flex gap-2 border-t pt-4">
        <Button
          look="primary"
          busy={change.isPending}
          disabledReason={
            refusal ||
            (!changed && "Nothing has changed yet.") ||
            (overtaken && "Decide above what to keep.") ||
            (problems.size > 0 && "Some variations need another look.")
          }
          onClick={save}
        >
          Save variations
        </Button>
        {changed && (
          <Button look="ghost" onClick={() => start(flag)}>
            Discard
          </Button>
        )}
      </div>
    </Panel>
  );
}

function plain({ key, value, name, description }: Flag["variations"][number]) {
  return { key, value, ...(name ? { name } : {}), ...(description ? { description } : {}) };
}
