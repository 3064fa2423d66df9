import type { QueryKey } from "@tanstack/react-query";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import type { Described } from "@/api/access";
import { DescribedDialog } from "./described-dialog";

export interface EditDescribedDialogProps {
  held: Described & { version: number };
  words: { editTitle: string; save: string; saved: string; example: string };
  update: (change: Described, guard: { version: number }) => Promise<unknown>;
  /** What is read again before the dialog closes. */
  awaits: readonly QueryKey[];
  onClose: () => void;
}

/** Changes the name and the description of a team, a role or a service account. */
export function EditDescribedDialog({ held, words, update, awaits, onClose }: EditDescribedDialogProps) {
  // What was read when the dialog was opened, so that someone else's change meanwhile is not overwritten unseen.
  const [{ version }] = useState(held);
  const save = useMutation({
    mutationFn: (change: Described) => update(change, { version }),
    meta: { awaits },
    onSuccess: () => {
      toast.success(words.saved);
      onClose();
    },
  });
  return (
    <DescribedDialog
      title={words.editTitle}
      action={words.save}
      example={words.example}
      held={held}
      busy={save.isPending}
      error={save.error}
      onSubmit={(change) => save.mutate(change)}
      onClose={onClose}
    />
  );
}
