import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { formError, Problem } from "@/api/problem";
import { targetingQuery } from "@/api/queries";
import type { Flag, Targeting } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access/use-refusal";
import type { Merged } from "@/domain/drafts/draft";
import { mergeFields } from "@/domain/drafts/fields";
import { mergeLists } from "@/domain/drafts/lists";
import { useDraft } from "@/domain/drafts/use-draft";
import { ConflictNote } from "@/domain/review/conflict-note";
import { stateChanges } from "@/domain/review/entry-changes";
import { messages as review } from "@/domain/review/messages";
import { Review } from "@/domain/review/review";
import { useProductions } from "@/domain/use-productions";
import { messages } from "./messages";
import { useFlagChange } from "./use-flag-change";
import type { VariationDraft } from "./variation-drafts";
import { readVariations, toDraft } from "./variation-drafts";
import { variationUses } from "./variation-uses";
import { VariationsEditor } from "./variations-editor";

/** What the flag can serve. It is the same in every environment. */
export function VariationsTab({ org, project, flag }: { org: string; project: string; flag: Flag }) {
  const change = useFlagChange({ org, project, flag: flag.key });
  const refusal = useRefusal(["flag.update", "targeting.update"], { project });
  const held = useMemo(() => draftsOf(flag.variations, flag.type), [flag.variations, flag.type]);
  const draft = useDraft({
    id: `variations/${org}/${project}/${flag.key}`,
    held,
    version: flag.version,
    merge: mergeVariations,
    saving: change.isPending,
  });
  const { isChanged: changed, theirs } = draft;
  const drafts = draft.value.list;
  const { variations, problems } = readVariations(flag.type, drafts);
  const before = readVariations(flag.type, draft.base.list).variations;

  const targetings = useQueries({
    queries: Object.keys(flag.environments).map((environment) =>
      targetingQuery({ org, project, flag: flag.key, environment }),
    ),
    combine: (results) => results.flatMap((result): Targeting[] => (result.data ? [result.data] : [])),
  });
  const heldBy = (key: string) => {
    const uses = variationUses(key, targetings);
    return uses.length > 0 && before.some((variation) => variation.key === key)
      ? messages.variations.inUse(uses)
      : undefined;
  };
  const productions = useProductions({ org, project });
  const [asking, setAsking] = useState(false);
  const save = (comment?: string) => {
    const sent = draft.value;
    change.mutate(
      { variations, version: draft.version, comment },
      {
        onSuccess: (saved) => {
          setAsking(false);
          draft.saved(sent, draftsOf(saved.variations, saved.type), saved.version);
          toast.success(messages.variations.saved, { description: messages.variations.savedHelp });
        },
      },
    );
  };
  const conflict = change.error instanceof Problem && change.error.status === 412;
  return (
    <Panel className="space-y-4 p-4 sm:p-5">
      <p className="text-sm text-muted">{messages.variations.description}</p>
      {theirs && (
        <ConflictNote
          theirChanges={stateChanges(
            { variations: before },
            { variations: readVariations(flag.type, theirs.list).variations },
          )}
          myChanges={stateChanges({ variations: before }, { variations })}
          onTakeTheirs={draft.discard}
          onReapplyMine={draft.reapply}
        />
      )}
      <FormAlert message={conflict ? null : formError(change.error, [])} />
      <VariationsEditor
        type={flag.type}
        drafts={drafts}
        problems={problems}
        onChange={(list) => draft.edit({ list })}
        disabledReason={flag.archivedAt ? messages.toggle.archived : refusal}
        heldBy={heldBy}
      />
      <div className="flex gap-2 border-t pt-4">
        <Button
          look="primary"
          busy={change.isPending}
          disabledReason={
            refusal ||
            (!changed && messages.unchanged) ||
            draft.blocked ||
            (problems.size > 0 && messages.variations.fix)
          }
          onClick={() => (productions.length > 0 ? setAsking(true) : save())}
        >
          {messages.variations.save}
        </Button>
        {asking && (
          <ReviewVariations
            flag={flag}
            before={before}
            after={variations}
            productions={productions}
            change={change}
            overtaken={theirs !== null}
            onConfirm={save}
            onClose={() => setAsking(false)}
          />
        )}
        {changed && (
          <Button look="ghost" onClick={draft.discard}>
            {messages.discard}
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
    <Confirm
      title={messages.variations.reviewTitle(flag.name || flag.key)}
      description={review.everywhere(productions)}
      action={messages.saveEverywhere}
      back={review.back}
      comments
      className="max-w-xl"
      blocked={overtaken ? messages.variations.conflict : undefined}
      refused={formError(change.error, [])}
      busy={change.isPending}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <Review
        changes={stateChanges({ variations: before }, { variations: after })}
        states={{ before, after }}
      />
    </Confirm>
  );
}

interface VariationList {
  list: VariationDraft[];
}

function draftsOf(variations: Flag["variations"], type: Flag["type"]): VariationList {
  return { list: variations.map((variation) => toDraft(variation, type)) };
}

/** Puts my variations on top of theirs, each found by the key that it had when the draft began. */
function mergeVariations(
  base: VariationList,
  mine: VariationList,
  theirs: VariationList,
): Merged<VariationList> {
  const clashes: string[] = [];
  const list = mergeLists(base.list, mine.list, theirs.list, {
    idOf: ({ id }) => id,
    mergeItem: (was, my, their) => {
      const merged = mergeFields(was, my, their);
      if (merged.clashes.length > 0) clashes.push(`variation ${my.key}`);
      return merged.value;
    },
    clash: (id) => clashes.push(`variation ${id.replace(/^\w+ /, "")}`),
    orderClash: () => clashes.push("the order of the variations"),
  });
  return { value: { list }, clashes };
}
