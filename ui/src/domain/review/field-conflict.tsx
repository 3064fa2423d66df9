import type { DraftEditor } from "@/domain/drafts/use-draft";
import { ConflictNote } from "./conflict-note";
import { stateChanges } from "./entry-changes";

/** Asks what to keep where somebody else has changed a field that is being edited; nothing otherwise. */
export function FieldConflict<T extends object>({ draft }: { draft: DraftEditor<T> }) {
  if (!draft.theirs) return null;
  return (
    <ConflictNote
      theirChanges={stateChanges(draft.base, draft.theirs)}
      myChanges={stateChanges(draft.base, draft.value)}
      onTakeTheirs={draft.discard}
      onReapplyMine={draft.reapply}
    />
  );
}
