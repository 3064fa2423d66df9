import type { ReactNode } from "react";
import { useState } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { Confirm } from "./confirm";
import { alertOf } from "./form/alert";
import { useLeaveGuard } from "./form/leave-guard";
import { FormAlert } from "./form-alert";
import { messages } from "./messages";
import { Button } from "./ui/button";
import { Dialog, DialogActions } from "./ui/dialog";
import type { Reason } from "./ui/reason";

export interface FormDialogProps<Values extends FieldValues> {
  form: UseFormReturn<Values, unknown, Values>;
  title: ReactNode;
  description?: ReactNode;
  /** Its width. */
  className?: string;
  children: ReactNode;
  /** The verb of the button that sends it. */
  action: string;
  /** Sending it deletes something. */
  danger?: boolean;
  busy: boolean;
  /** Why the hub refused it. */
  error: unknown;
  /** Why it cannot be sent as things stand. */
  blocked?: Reason;
  /** Whether closing it would lose something; by default, whether a field differs from what it was at first. */
  changed?: boolean;
  onSubmit: (values: Values) => void;
  onClose: () => void;
}

/** A form in a dialog. It asks before what was typed is lost: on Escape, on a click beside it, and on the way back. */
export function FormDialog<Values extends FieldValues>(props: FormDialogProps<Values>) {
  const { form, title, description, className, children, action, danger, busy, error, blocked } = props;
  const { onSubmit, onClose, changed = form.formState.isDirty } = props;
  const [closing, setClosing] = useState(false);
  const guard = useLeaveGuard(changed && !busy);
  const close = () => (changed ? setClosing(true) : onClose());
  const submit = form.handleSubmit((values) => {
    if (!blocked && !busy) onSubmit(values);
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={title}
      description={description}
      {...(className ? { className } : {})}
    >
      <form noValidate onSubmit={submit} className="space-y-4">
        <FormAlert message={alertOf(form, error)} />
        {children}
        <DialogActions>
          <Button onClick={close}>{messages.cancel}</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} busy={busy} disabledReason={blocked}>
            {action}
          </Button>
        </DialogActions>
      </form>
      {(closing || guard) && (
        <Confirm
          danger
          title={messages.leave.title}
          action={messages.leave.discard}
          back={messages.leave.stay}
          onConfirm={() => (guard ? guard.leave() : onClose())}
          onClose={() => {
            setClosing(false);
            guard?.stay();
          }}
        />
      )}
    </Dialog>
  );
}
