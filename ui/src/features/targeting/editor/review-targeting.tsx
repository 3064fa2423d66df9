import type { FormEvent } from "react";
import { useState } from "react";
import type { Environment } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { CommentField } from "@/features/flags/comment-field";
import { RawDiff } from "@/features/history/raw-diff";
import { ChangeList } from "../change-list";
import { configOf } from "../drafts";
import type { TargetingEditor } from "../use-targeting-editor";

export interface ReviewDialogProps {
  editor: TargetingEditor;
  environment: Environment;
  blocked: string | undefined;
  onClose: () => void;
}

/** What a save would change, in words and as JSON; production's saves always come through here. */
export function ReviewDialog({ editor, environment, blocked, onClose }: ReviewDialogProps) {
  const [comment, setComment] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked) return;
    await editor.save(comment.trim());
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Save to ${environment.name}?`}
      description={
        environment.production
          ? "This changes what everybody gets, at once. Look it over."
          : "It takes effect at once for everything connected there."
      }
      className="max-w-xl"
    >
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <FormAlert message={blocked} />
        <ChangeList changes={editor.changes} />
        <RawDiff before={configOf(editor.base)} after={{ ...editor.config, enabled: editor.base.enabled }} />
        <CommentField value={comment} onChange={setComment} />
        <DialogActions>
          <Button onClick={onClose}>Back to editing</Button>
          <Button type="submit" look="primary" busy={editor.saving} disabledReason={blocked}>
            Save to {environment.name}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
