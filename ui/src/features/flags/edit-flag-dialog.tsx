import { useState } from "react";
import { conflictOf, fieldError } from "@/api/problem";
import type { Flag } from "@/api/types";
import { FormDialog } from "@/components/form-dialog";
import { NameField } from "@/components/name-field";
import { TagInput } from "@/components/tag-input";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { changedFields, mergeFields, trimmed } from "@/domain/drafts/fields";
import { useDraft } from "@/domain/drafts/use-draft";
import { FieldConflict } from "@/domain/review/field-conflict";
import { useProductions } from "@/domain/use-productions";
import { ReviewFlag } from "./review-flag";
import type { GuardedChange } from "./use-flag-change";
import { useFlagChange } from "./use-flag-change";

export interface EditFlagDialogProps {
  org: string;
  project: string;
  flag: Flag;
  onClose: () => void;
}

function fieldsOf({ name, description, tags, clientVisible, track }: Flag) {
  return { name, description, tags, clientVisible, track };
}

export function EditFlagDialog({ org, project, flag, onClose }: EditFlagDialogProps) {
  const draft = useDraft({
    id: `flag/${org}/${project}/${flag.key}`,
    held: fieldsOf(flag),
    version: flag.version,
    merge: mergeFields,
    follows: true,
  });
  const close = () => {
    draft.discard();
    onClose();
  };
  const productions = useProductions({ org, project });
  const change = useFlagChange({ org, project, flag: flag.key });
  const [asked, setAsked] = useState<GuardedChange | null>(null);
  const { value, edit } = draft;
  const changed: Partial<typeof value> = changedFields(draft.base, value);
  const submit = () => {
    if (Object.keys(changed).length === 0) return close();
    const wanted = { ...trimmed(changed), version: draft.version };
    // A name or a tag changes nothing for anybody's application.
    const served = changed.clientVisible !== undefined || changed.track !== undefined;
    if (served && productions.length > 0) setAsked(wanted);
    else change.mutate(wanted, { onSuccess: close });
  };
  if (asked && !draft.theirs) {
    return (
      <ReviewFlag
        flag={flag}
        asked={{ ...asked, version: draft.version }}
        productions={productions}
        change={change}
        onSaved={close}
        onClose={() => setAsked(null)}
      />
    );
  }
  return (
    <FormDialog
      title="Edit the flag"
      action="Save"
      busy={change.isPending}
      error={conflictOf(change.error) ? null : change.error}
      shown={["/name", "/description", "/tags"]}
      blocked={draft.blocked}
      onSubmit={submit}
      onClose={close}
    >
      <FieldConflict draft={draft} />
      <NameField value={value.name} onChange={(name) => edit({ name })} error={change.error} />
      <Field label="Description" optional error={fieldError(change.error, "/description")}>
        {(control) => (
          <Textarea
            {...control}
            maxLength={2000}
            value={value.description}
            onChange={(event) => edit({ description: event.target.value })}
          />
        )}
      </Field>
      <TagInput
        value={value.tags}
        onChange={(tags) => edit({ tags })}
        error={fieldError(change.error, "/tags")}
      />
      <Checkbox
        checked={value.clientVisible}
        onCheckedChange={(clientVisible) => edit({ clientVisible })}
        label="Client-visible"
        help="Browsers and mobile apps get its value, never its rules."
      />
      <Checkbox
        checked={value.track}
        onCheckedChange={(track) => edit({ track })}
        label="Record exposures"
        help="Needed for experiments and impact. Evaluations are counted for every flag anyway."
      />
    </FormDialog>
  );
}
