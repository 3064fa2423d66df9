import type { FormEvent, ReactNode } from "react";
import { formError } from "@/api/problem";
import { FormAlert } from "./form-alert";
import { Button } from "./ui/button";
import { Dialog, DialogActions } from "./ui/dialog";

export interface FormDialogProps {
  title: ReactNode;
  description?: ReactNode;
  /** Its width. */
  className?: string;
  children: ReactNode;
  /** What the button says that sends it. */
  action: string;
  busy: boolean;
  /** Why it was refused, and the members that say so at fields of their own. */
  error: unknown;
  shown: readonly string[];
  /** Why it cannot be sent as it stands. */
  blocked?: string | null | undefined | false;
  onSubmit: () => void | Promise<void>;
  onClose: () => void;
}

/** A dialog that is a form: fields, what is wrong with them as a whole, and the answers. */
export function FormDialog({
  title,
  description,
  className,
  children,
  action,
  busy,
  error,
  shown,
  blocked,
  onSubmit,
  onClose,
}: FormDialogProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!blocked) void onSubmit();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      {...(className ? { className } : {})}
    >
      <form noValidate onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(error, shown)} />
        {children}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} disabledReason={blocked}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
