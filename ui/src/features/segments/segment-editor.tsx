import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { holdSegment } from "@/api/held";
import type { Guard } from "@/api/http";
import { fieldError, formError, Problem } from "@/api/problem";
import { keys, segmentQuery } from "@/api/queries";
import type { SegmentScope } from "@/api/segments";
import { updateSegment } from "@/api/segments";
import type { Dependent, Segment } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { DependentList } from "@/components/dependent-list";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access";
import { AttributeInput } from "@/domain/conditions/attribute-input";
import { ConditionGroup } from "@/domain/conditions/condition-group";
import { EditorProvider } from "@/domain/conditions/editor-context";
import { KnownAttributes } from "@/domain/conditions/known-attributes";
import { ValueChips } from "@/domain/conditions/value-chips";
import { useDraft } from "@/domain/drafts/use-draft";
import { segmentId } from "@/domain/live/ids";
import { ConflictNote } from "@/domain/review/conflict-note";
import { stateChanges } from "@/domain/review/entry-changes";
import { everywhere, Review } from "@/domain/review/review";
import { asGroup, attributesIn, isGroup } from "@/domain/targeting/conditions";
import { conditionProblems } from "@/domain/targeting/problems";
import { useProductions } from "@/domain/use-productions";
import { markOwn } from "@/lib/flashes";
import { same } from "@/lib/same";
import type { SegmentConfig } from "./rebase-segment";
import { configOf, rebaseSegment } from "./rebase-segment";

export interface SegmentEditorProps {
  scope: SegmentScope;
  segment: Segment;
  /** What refers to it; nothing while that is not known. */
  dependents: readonly Dependent[] | undefined;
}

/** Who belongs to a segment: keys by name, and a condition. */
export function SegmentEditor({ scope, segment, dependents }: SegmentEditorProps) {
  const client = useQueryClient();
  const refusal = useRefusal("editor");
  const productions = useProductions(scope);
  const [asking, setAsking] = useState(false);
  const [saving, setSaving] = useState(false);
  const editor = useDraft({
    id: `segment/${scope.org}/${scope.project}/${scope.segment}`,
    held: configOf(segment),
    version: segment.version,
    merge: rebaseSegment,
    saving,
  });
  const { value: draft, base, isChanged: changed, theirs } = editor;
  const save = useMutation({
    mutationFn: ({ sent, ...guard }: { sent: SegmentConfig } & Guard) => {
      markOwn(segmentId(scope.project, scope.segment));
      setSaving(true);
      return updateSegment(scope, sent, guard);
    },
    meta: { invalidates: [keys.audit(scope.org)] },
    onSuccess: (saved, { sent }) => {
      editor.saved(sent, configOf(saved), saved.version);
      setAsking(false);
      holdSegment(client, scope, saved);
      toast.success("Segment saved", { description: "Every flag that uses it has been updated." });
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 412 && error.current) {
        client.setQueryData(segmentQuery(scope).queryKey, error.current as Segment);
      }
    },
    onSettled: () => setSaving(false),
  });
  const submit = (comment?: string) => save.mutate({ sent: draft, version: editor.version, comment });
  // A name says nothing to applications; who belongs does, through whatever refers to the segment.
  const { name, description } = draft;
  const served = !same({ ...draft, name, description }, { ...base, name, description });
  const conflict = save.error instanceof Problem && save.error.status === 412;
  const edit = (part: Partial<typeof draft>) => {
    if (save.isError) save.reset();
    editor.edit(part);
  };
  const local = conditionProblems(draft.when, "/when");
  const refused = save.error instanceof Problem && !conflict ? save.error.errors : [];
  const context = {
    org: scope.org,
    project: scope.project,
    self: { segment: scope.segment },
    variations: [],
    problems: [...local, ...refused],
    disabledReason: refusal,
  };
  return (
    <EditorProvider value={context}>
      <KnownAttributes used={attributesIn(draft.when)} />
      <Panel className="space-y-6 p-4 sm:p-5">
        {theirs && (
          <ConflictNote
            theirChanges={stateChanges(base, theirs)}
            myChanges={stateChanges(base, draft)}
            onTakeTheirs={editor.discard}
            onReapplyMine={editor.reapply}
          />
        )}
        <FormAlert
          message={
            conflict
              ? null
              : formError(save.error, ["/name", "/description", "/when", "/included", "/excluded"])
          }
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" error={fieldError(save.error, "/name")}>
            {(control) => (
              <Input
                {...control}
                maxLength={200}
                readOnly={Boolean(refusal)}
                value={draft.name}
                onChange={(event) => edit({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Description" optional error={fieldError(save.error, "/description")}>
            {(control) => (
              <Input
                {...control}
                maxLength={2000}
                readOnly={Boolean(refusal)}
                value={draft.description}
                onChange={(event) => edit({ description: event.target.value })}
              />
            )}
          </Field>
        </div>
        <fieldset className="space-y-3">
          <legend className="mb-2 text-base font-semibold tracking-tight">By key</legend>
          <div className="flex items-center gap-2 text-sm text-muted">
            Keys are values of
            <AttributeInput
              label="Attribute that holds the key"
              value={draft.attribute}
              onChange={(attribute) => edit({ attribute })}
            />
          </div>
          {(["included", "excluded"] as const).map((list) => (
            <div key={list} className="flex flex-wrap items-start gap-2">
              <span className="w-28 shrink-0 pt-1.5 text-sm">
                {list === "included" ? "Always in" : "Never in"}
                <span className="block text-xs text-faint">
                  {draft[list].length === 1 ? "1 key" : `${draft[list].length.toLocaleString("en")} keys`}
                </span>
              </span>
              <ValueChips
                label={list === "included" ? "Included keys" : "Excluded keys"}
                kind="any"
                placeholder="keys, or paste a list"
                values={draft[list]}
                invalid={Boolean(fieldError(save.error, `/${list}`))}
                onChange={(values) => edit({ [list]: values })}
              />
            </div>
          ))}
        </fieldset>
        <fieldset>
          <legend className="mb-2 text-base font-semibold tracking-tight">By condition</legend>
          <ConditionGroup
            group={asGroup(draft.when)}
            lone={!isGroup(draft.when)}
            pointer="/when"
            onChange={(when) => edit({ when })}
          />
        </fieldset>
        <div className="flex flex-wrap gap-2 border-t pt-4">
          <Button
            look="primary"
            busy={save.isPending}
            disabledReason={
              refusal || (!changed && "There are no changes to save.") || editor.blocked || local[0]?.detail
            }
            onClick={() => (served && productions.length > 0 ? setAsking(true) : submit())}
          >
            Save segment
          </Button>
          {asking && (
            <Confirm
              title={`Change who is in ${base.name || segment.key}?`}
              description={everywhere(productions)}
              action="Save everywhere"
              back="Back to editing"
              comments
              className="max-w-xl"
              blocked={theirs ? "Someone else changed this. Go back and decide what to keep." : undefined}
              refused={conflict ? undefined : formError(save.error, [])}
              busy={save.isPending}
              onConfirm={submit}
              onClose={() => setAsking(false)}
            >
              <Review changes={stateChanges(base, draft)} states={{ before: base, after: draft }} />
              <Reach scope={scope} dependents={dependents} />
            </Confirm>
          )}
          {changed && (
            <Button look="ghost" onClick={editor.discard}>
              Discard
            </Button>
          )}
        </div>
      </Panel>
    </EditorProvider>
  );
}

/** What follows when the segment changes. */
function Reach({ scope, dependents }: { scope: SegmentScope; dependents: readonly Dependent[] | undefined }) {
  if (!dependents)
    return <p className="text-sm text-muted">The flags that use this segment could not be loaded.</p>;
  if (dependents.length === 0)
    return <p className="text-sm text-muted">No flag uses this segment yet, so this change has no effect.</p>;
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-medium">What follows it</h3>
      <div className="max-h-56 overflow-y-auto">
        <DependentList {...scope} dependents={dependents} />
      </div>
    </div>
  );
}
