import type { FormEvent, ReactNode } from "react";
import { useState } from "react";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import type { Change } from "@/domain/targeting/changes";
import { ChangeList } from "./change-list";
import { CommentField } from "./comment-field";
import { RawDiff } from "./raw-diff";

export interface ReviewDialogProps {
  title: string;
  description: string;
  /** What the button says that carries it out. */
  action: string;
  /** What the button says that leaves all as it is. */
  back?: string;
  changes: readonly Change[];
  /** Both states, for who wants to see them as JSON. */
  states?: { before: unknown; after: unknown };
  /** Why it cannot be carried out, or why it just was not. */
  blocked?: string | undefined;
  refused?: string | undefined;
  busy: boolean;
  onConfirm: (comment: string) => void;
  onClose: () => void;
  /** Anything else that one should know first. */
  children?: ReactNode;
}

/** What a change would do, in words and as JSON, before it is done; it stays until it is done, comment and all. */
export function ReviewDialog(props: ReviewDialogProps) {
  const { title, description, action, changes, states, blocked, refused, busy, onConfirm, onClose } = props;
  const [comment, setComment] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!blocked && !busy) onConfirm(comment.trim());
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      className="max-w-xl"
    >
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={blocked ?? refused} />
        <ChangeList changes={changes} />
        {states && <RawDiff before={states.before} after={states.after} />}
        {props.children}
        <CommentField value={comment} onChange={setComment} />
        <DialogActions>
          <Button onClick={onClose}>{props.back ?? "Back to editing"}</Button>
          <Button type="submit" look="primary" busy={busy} disabledReason={blocked}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Says where a change that is made once takes effect. */
export function everywhere(productions: readonly string[]): string {
  const names = productions.join(" and ");
  return `It takes effect at once in every environment, ${names} among them. Look it over.`;
}
