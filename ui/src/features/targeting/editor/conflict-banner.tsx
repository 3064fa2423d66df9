import { toast } from "sonner";
import type { Targeting, Variation } from "@/api/types";
import { ConflictNote } from "@/features/history/conflict-note";
import { targetingChanges } from "../changes";
import { configOf } from "../drafts";
import type { TargetingEditor } from "../use-targeting-editor";
import { namesOf } from "../wording";

export interface ConflictBannerProps {
  editor: TargetingEditor;
  theirs: Targeting;
  variations: readonly Variation[];
}

export function ConflictBanner({ editor, theirs, variations }: ConflictBannerProps) {
  const reapply = () => {
    const clashes = editor.reapply();
    if (clashes.length === 0) toast.success("Your changes now stand on top of theirs. Nothing overlapped.");
    else toast(`You both changed ${clashes.join(", ")}. Yours are kept; review before you save.`);
  };
  return (
    <ConflictNote
      theirChanges={targetingChanges(configOf(editor.base), configOf(theirs), namesOf(variations))}
      myChanges={editor.changes}
      onTakeTheirs={editor.discard}
      onReapplyMine={reapply}
    />
  );
}
