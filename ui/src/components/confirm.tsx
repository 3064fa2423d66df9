import type { ReactNode } from "react";
import { reasonOf } from "@/api/problem";
import { FormAlert } from "./form-alert";
import { Button } from "./ui/button";
import { Dialog, DialogActions } from "./ui/dialog";

export interface ConfirmProps {
  title: string;
  action: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  disabledReason?: string | undefined;
  onConfirm: () => void;
  onCancel: () => void;
  children: ReactNode;
}

export function Confirm(props: ConfirmProps) {
  const { title, action, danger, busy, error, disabledReason, onConfirm, onCancel, children } = props;
  return (
    <Dialog open onOpenChange={(open) => !open && onCancel()} title={title} className="max-w-md">
      <div className="space-y-4">
        <div className="text-sm text-muted">{children}</div>
        <FormAlert message={error ? reasonOf(error) : null} />
      </div>
      <DialogActions>
        <Button autoFocus={danger} onClick={onCancel}>
          Cancel
        </Button>
        <Button
          look={danger ? "danger" : "primary"}
          autoFocus={!danger}
          busy={busy}
          disabledReason={disabledReason}
          onClick={onConfirm}
        >
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
