import type { FormEvent, ReactNode } from "react";
import { useState } from "react";
import { reasonOf } from "@/api/problem";
import { FormAlert } from "./form-alert";
import { Button } from "./ui/button";
import { Dialog, DialogActions } from "./ui/dialog";
import { Field } from "./ui/field";
import { Input } from "./ui/input";

export interface TypeToConfirmProps {
  title: string;
  /** What must be typed: the key of what goes. */
  expected: string;
  action: string;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onCancel: () => void;
  children: ReactNode;
}

/** Asks before something goes for good. */
export function TypeToConfirm(props: TypeToConfirmProps) {
  const { title, expected, action, busy, error, onConfirm, onCancel, children } = props;
  const [typed, setTyped] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === expected) onConfirm();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onCancel()} title={title} className="max-w-md">
      <form onSubmit={submit} className="space-y-4">
        <div className="text-sm text-muted">{children}</div>
        <FormAlert message={error ? reasonOf(error) : null} />
        <Field
          label={
            <span>
              Type <code className="font-mono font-normal">{expected}</code> to confirm
            </span>
          }
        >
          {(control) => (
            <Input {...control} autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
        <DialogActions>
          <Button onClick={onCancel}>Cancel</Button>
          <Button
            type="submit"
            look="danger"
            busy={busy}
            disabledReason={typed !== expected && `Type ${expected} first.`}
          >
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
