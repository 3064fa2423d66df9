import { useQueries } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { formError, Problem, reasonOf } from "@/api/problem";
import { targetingQuery } from "@/api/queries";
import type { Flag, Targeting } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access";
import { ConflictNote } from "@/domain/review/conflict-note";
import { stateChanges } from "@/domain/review/entry-changes";
import { everywhere, ReviewDialog } from "@/domain/review/review-dialog";
import { mergeLists } from "@/domain/targeting/rebase";
import { useProductions } from "@/domain/use-productions";
import { same } from "@/lib/same";
import { useFlagChange } from "./use-flag-change";
import type { VariationDraft } from "./variation-drafts";
import { readVariations, toDraft } from "./variation-drafts";
import { variationUses } from "./variation-uses";
import { VariationsEditor } from "./variations-editor";

type Typed = ReturnType<typeof readVariations> & { drafts: VariationDraft[] };

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
  // While a save is under way, what is newer may be that very save.
  const overtaken = changed && !change.isPending && !same(flag.variations, base.variations);
  const start = (from: Flag) => {
    setBase(from);
    setDrafts(from.variations.map((variation) => toDraft(variation, from.type)));
  };
  // Whatever else of the flag was changed meanwhile is no conflict with its variations.
  if (base.version < flag.version && !changed && !change.isPending) start(flag);
  else if (base.version < flag.version && !overtaken && !change.isPending) setBase(flag);
  const reapply = () => {
    setDrafts(merged(base.variations, variations, flag));
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
  const productions = useProductions({ org, project });
  const [asking, setAsking] = useState(false);
  const typed = useRef({ drafts, variations, problems });
  typed.current = { drafts, variations, problems };
  const save = (comment?: string) =>
    change.mutate(
      { variations, version: base.version, comment },
      {
        onSuccess: (saved) => {
          setAsking(false);
          setDrafts(settled(variations, typed.current, saved));
          setBase(saved);
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
          onClick={() => (productions.length > 0 ? setAsking(true) : save())}
        >
          Save variations
        </Button>
        {asking && (
          <ReviewVariations
            flag={flag}
            before={base.variations}
            after={variations}
            productions={productions}
            change={change}
            overtaken={overtaken}
            onConfirm={save}
            onClose={() => setAsking(false)}
          />
        )}
        {changed && (
          <Button look="ghost" onClick={() => start(flag)}>
            Discard
          </Button>
        )}
      </div>
    </Panel>
  );
}

interface ReviewVariationsProps {
  flag: Flag;
  before: Flag["variations"];
  after: Flag["variations"];
  productions: readonly string[];
  change: ReturnType<typeof useFlagChange>;
  overtaken: boolean;
  onConfirm: (comment: string) => void;
  onClose: () => void;
}

function ReviewVariations(props: ReviewVariationsProps) {
  const { flag, before, after, productions, change, overtaken, onConfirm, onClose } = props;
  return (
    <ReviewDialog
      title={`Change what ${flag.name || flag.key} can serve?`}
      description={everywhere(productions)}
      action="Save everywhere"
      changes={stateChanges({ variations: before }, { variations: after })}
      states={{ before: before.map(plain), after }}
      blocked={overtaken ? "Somebody else has changed this. Go back and decide what to keep." : undefined}
      refused={change.error ? reasonOf(change.error) : undefined}
      busy={change.isPending}
      onConfirm={onConfirm}
      onClose={onClose}
    />
  );
}

/** The drafts after a save: what was typed while it was under way stays, on top of what was saved. */
function settled(sent: Flag["variations"], typed: Typed, saved: Flag) {
  // What cannot be read yet cannot be put on top of anything.
  return typed.problems.size > 0 ? typed.drafts : merged(sent, typed.variations, saved);
}

/** What I changed of `was`, on top of what the flag has now. */
function merged(was: Flag["variations"], mine: Flag["variations"], now: Flag) {
  const list = mergeLists(
    was.map(plain),
    mine,
    now.variations.map(plain),
    ({ key }) => key,
    () => {},
  );
  return list.map((variation) => toDraft(variation, now.type));
}

function plain({ key, value, name, description }: Flag["variations"][number]) {
  return { key, value, ...(name ? { name } : {}), ...(description ? { description } : {}) };
}
