import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { formError } from "@/api/problem";
import { rotateKey } from "@/api/projects";
import { keys } from "@/api/queries";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { NativeSelect } from "@/components/ui/input";
import type { KeyDialogProps } from "./edit-key-dialog";
import { SecretDialog } from "./secret-dialog";

const GRACES = [
  { seconds: 0, label: "Not at all: it stops at once" },
  { seconds: 3_600, label: "An hour" },
  { seconds: 86_400, label: "A day" },
  { seconds: 604_800, label: "A week" },
  { seconds: 2_592_000, label: "30 days" },
];

export function RotateKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const [grace, setGrace] = useState(86_400);
  const rotate = useMutation({
    mutationFn: () => rotateKey(scope, item.id, grace),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: () => {
      if (item.kind === "client") onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate();
  };
  if (rotate.data && item.kind === "server") {
    return <SecretDialog name={rotate.data.name} secret={rotate.data.secret} onClose={onClose} />;
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Rotate ${item.name}?`}
      description="A new key takes its place. Give it to your applications while the old one still works."
      className="max-w-md"
    >
      <form onSubmit={submit} className="space-y-4">
        <FormAlert message={formError(rotate.error, [])} />
        <Field label="How long the old key goes on working">
          {(control) => (
            <NativeSelect
              {...control}
              className="w-full"
              value={grace}
              onChange={(event) => setGrace(Number(event.target.value))}
            >
              {GRACES.map(({ seconds, label }) => (
                <option key={seconds} value={seconds}>
                  {label}
                </option>
              ))}
            </NativeSelect>
          )}
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={rotate.isPending}>
            Rotate key
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
