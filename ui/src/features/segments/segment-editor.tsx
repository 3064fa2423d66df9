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
import { useAccess } from "@/domain/access/use-refusal";
import { AttributeInput } from "@/domain/conditions/attribute-input";
import { ConditionGroup } from "@/domain/conditions/condition-group";
import { EditorProvider } from "@/domain/conditions/editor-context";
import { KnownAttributes } from "@/domain/conditions/known-attributes";
import { ValueChips } from "@/domain/conditions/value-chips";
import { useDraft } from "@/domain/drafts/use-draft";
import { segmentId } from "@/domain/live/ids";
import { ConflictNote } from "@/domain/review/conflict-note";
import { stateChanges } from "@/domain/review/entry-changes";
import { messages as review } from "@/domain/review/messages";
import { Review } from "@/domain/review/review";
import { asGroup, attributesIn, isGroup } from "@/domain/targeting/conditions";
import { conditionProblems } from "@/domain/targeting/problems";
import { useProductions } from "@/domain/use-productions";
import { markOwn } from "@/lib/flashes";
import { same } from "@/lib/same";
import { messages } from "./messages";
import type { SegmentConfig } from "./rebase-segment";
import { configOf, rebaseSegment } from "./rebase-segment";
import { UploadKeys } from "./upload-keys";

export interface SegmentEditorProps {
  scope: SegmentScope;
  segment: Segment;
  /** What refers to it; nothing while that is not known. */
  dependents: readonly Dependent[] | undefined;
}

/** Who belongs to a segment: keys by name, and a condition. */
export function SegmentEditor({ scope, segment, dependents }: SegmentEditorProps) {
  const client = useQueryClient();
  const place = { project: scope.project };
  const refuse = useAccess();
  const refusal = refuse("segment.update", place);
  // A segment serves every environment.
  const kept = refuse(["segment.update", "targeting.update"], place);
  const productions = useProductions(scope);
  const [asking, setAsking] = useState(false);
  const [saving, setSaving] = useState(false);
  const [attempts, setAttempts] = useState(0);
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
      toast.success(messages.editor.saved, { description: messages.editor.savedHelp });
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
  const begin = () => {
    setAttempts(attempts + 1);
    if (local.length > 0) return;
    if (served && productions.length > 0) setAsking(true);
    else submit();
  };
  const wrong = local.find((problem) => !problem.missing);
  const refused = save.error instanceof Problem && !conflict ? save.error.errors : [];
  const context = {
    org: scope.org,
    project: scope.project,
    self: { segment: scope.segment },
    variations: [],
    problems: [...local, ...refused],
    attempts,
    disabledReason: kept,
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
          <Field label={messages.editor.name} error={fieldError(save.error, "/name")}>
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
          <Field label={messages.editor.description} optional error={fieldError(save.error, "/description")}>
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
          <legend className="mb-2 text-base font-semibold tracking-tight">{messages.editor.byKey}</legend>
          <div className="flex items-center gap-2 text-sm text-muted">
            {messages.editor.keysOf}
            <AttributeInput
              label={messages.editor.attribute}
              value={draft.attribute}
              onChange={(attribute) => edit({ attribute })}
            />
          </div>
          {(["included", "excluded"] as const).map((list) => (
            <div key={list} className="flex flex-wrap items-start gap-2">
              <span className="w-28 shrink-0 pt-1.5 text-sm">
                {list === "included" ? messages.editor.alwaysIn : messages.editor.neverIn}
                <span className="block text-xs text-faint">{messages.editor.keys(draft[list].length)}</span>
                <UploadKeys
                  label={list === "included" ? messages.upload.included : messages.upload.excluded}
                  attribute={draft.attribute}
                  values={draft[list]}
                  disabledReason={kept}
                  onAdd={(values) => edit({ [list]: [...draft[list], ...values] })}
                />
              </span>
              <ValueChips
                label={list === "included" ? messages.editor.includedKeys : messages.editor.excludedKeys}
                kind="any"
                placeholder={messages.editor.keysPlaceholder}
                values={draft[list]}
                invalid={Boolean(fieldError(save.error, `/${list}`))}
                onChange={(values) => edit({ [list]: values })}
              />
            </div>
          ))}
        </fieldset>
        <fieldset>
          <legend className="mb-2 text-base font-semibold tracking-tight">
            {messages.editor.byCondition}
          </legend>
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
              (served ? kept : refusal) ||
              (!changed && messages.editor.unchanged) ||
              editor.blocked ||
              wrong?.detail
            }
            onClick={begin}
          >
            {messages.editor.save}
          </Button>
          {asking && (
            <Confirm
              title={messages.editor.reviewTitle(base.name || segment.key)}
              description={review.everywhere(productions)}
              action={messages.editor.reviewAction}
              back={review.back}
              comments
              className="max-w-xl"
              blocked={theirs ? messages.editor.conflict : undefined}
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
              {messages.editor.discard}
            </Button>
          )}
        </div>
      </Panel>
    </EditorProvider>
  );
}

/** What follows when the segment changes. */
function Reach({ scope, dependents }: { scope: SegmentScope; dependents: readonly Dependent[] | undefined }) {
  if (!dependents) return <p className="text-sm text-muted">{messages.editor.affectedUnknown}</p>;
  if (dependents.length === 0) return <p className="text-sm text-muted">{messages.editor.affectsNothing}</p>;
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-medium">{messages.editor.affected}</h3>
      <div className="max-h-56 overflow-y-auto">
        <DependentList {...scope} dependents={dependents} />
      </div>
    </div>
  );
}
