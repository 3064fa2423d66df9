import type { FormEvent, ReactNode } from "react";
import { useState } from "react";
import { FormAlert } from "./form-alert";
import { messages } from "./messages";
import { Button } from "./ui/button";
import { Dialog, DialogActions } from "./ui/dialog";
import { Field } from "./ui/field";
import { Input } from "./ui/input";
import type { Reason } from "./ui/reason";
import { reasonText } from "./ui/reason";

export interface ConfirmProps {
  title: string;
  description?: ReactNode;
  /** The verb of the button that carries it out. */
  action: string;
  /** The label of the button that leaves everything as it is. */
  back?: string;
  /** Something is lost or stops working. */
  danger?: boolean;
  /** A key that must be typed first, for what cannot be undone. */
  expected?: string;
  /** Offers a comment for the history. */
  comments?: boolean;
  /** Its width. */
  className?: string;
  busy?: boolean;
  /** Why it cannot be carried out as things stand. */
  blocked?: Reason;
  /** Why it was refused the last time. It can be tried again. */
  refused?: string | undefined;
  onConfirm: (comment: string) => void;
  onClose: () => void;
  /** What happens, in words. */
  children?: ReactNode;
}

/**
 * Asks before something happens. Every such question of the dashboard is this dialog.
 *
 * It stays open until it is answered: a refusal is shown in it, and what was typed is kept, also when somebody presses
 * beside it. The focus starts where
 * something can be typed; otherwise on the action or, when something would be lost, on the way back.
 */
export function Confirm(props: ConfirmProps) {
  const {
    title,
    description,
    action,
    back = messages.cancel,
    danger = false,
    expected,
    comments = false,
  } = props;
  const { busy = false, blocked, refused, onConfirm, onClose, className = "max-w-md" } = props;
  const [typed, setTyped] = useState("");
  const [comment, setComment] = useState("");
  const untyped = expected !== undefined && typed !== expected && messages.typeFirst(expected);
  const types = expected !== undefined || comments;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!blocked && !untyped && !busy) onConfirm(comment.trim());
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      className={className}
      typed={typed !== "" || comment !== ""}
    >
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={reasonText(blocked) ?? refused} />
        {props.children}
        {expected !== undefined && <ExpectedField expected={expected} value={typed} onChange={setTyped} />}
        {comments && <CommentField autoFocus={!expected} value={comment} onChange={setComment} />}
        <DialogActions>
          <Button autoFocus={danger && !types} onClick={onClose}>
            {back}
          </Button>
          <Button
            type="submit"
            look={danger ? "danger" : "primary"}
            autoFocus={!danger && !types}
            busy={busy}
            disabledReason={blocked || untyped}
          >
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface ExpectedFieldProps {
  expected: string;
  value: string;
  onChange: (value: string) => void;
}

function ExpectedField({ expected, value, onChange }: ExpectedFieldProps) {
  return (
    <Field
      label={
        <span>
          {messages.typeToConfirm(
            <code className="font-mono font-normal [overflow-wrap:anywhere]">{expected}</code>,
          )}
        </span>
      }
    >
      {(control) => (
        <Input {...control} autoFocus value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

interface CommentFieldProps {
  autoFocus: boolean;
  value: string;
  onChange: (value: string) => void;
}

function CommentField({ autoFocus, value, onChange }: CommentFieldProps) {
  return (
    <Field label={messages.comment} optional help={messages.commentHelp}>
      {(control) => (
        <Input
          {...control}
          autoFocus={autoFocus}
          maxLength={1000}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          placeholder={messages.commentPlaceholder}
        />
      )}
    </Field>
  );
}
