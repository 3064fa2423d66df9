import type { TargetingConfig, Variation } from "@/api/types";
import { ConflictNote } from "@/domain/review/conflict-note";
import { targetingChanges } from "@/domain/targeting/changes";
import { namesOf } from "@/domain/targeting/wording";
import type { TargetingEditor } from "../use-targeting-editor";

export interface ConflictBannerProps {
  editor: TargetingEditor;
  theirs: TargetingConfig;
  variations: readonly Variation[];
}

export function ConflictBanner({ editor, theirs, variations }: ConflictBannerProps) {
  return (
    <ConflictNote
      theirChanges={targetingChanges(editor.base, theirs, namesOf(variations))}
      myChanges={editor.changes}
      onTakeTheirs={editor.discard}
      onReapplyMine={editor.reapply}
    />
  );
}
