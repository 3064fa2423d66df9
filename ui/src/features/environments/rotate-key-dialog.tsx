import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { rotateKey } from "@/api/projects";
import { keys } from "@/api/queries";
import { SelectField } from "@/components/form/select-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import type { KeyDialogProps } from "./edit-key-dialog";
import { messages } from "./messages";
import { SecretDialog } from "./secret-dialog";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

const GRACES = [0, HOUR_S, DAY_S, 7 * DAY_S, 30 * DAY_S];

const SCHEMA = z.object({ graceSeconds: z.string() });

export function RotateKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const rotate = useMutation({
    mutationFn: (graceSeconds: number) => rotateKey(scope, item.id, graceSeconds),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: () => {
      if (item.kind === "client") onClose();
    },
  });
  const form = useAppForm(SCHEMA, { graceSeconds: String(DAY_S) }, rotate.error);
  if (rotate.data && item.kind === "server") {
    return <SecretDialog name={rotate.data.name} secret={rotate.data.secret} onClose={onClose} />;
  }
  return (
    <FormDialog
      form={form}
      title={messages.key.rotateTitle(item.name)}
      description={messages.key.rotateHelp}
      className="max-w-md"
      action={messages.key.rotateSubmit}
      busy={rotate.isPending}
      error={rotate.error}
      onSubmit={({ graceSeconds }) => rotate.mutate(Number(graceSeconds))}
      onClose={onClose}
    >
      <SelectField
        control={form.control}
        name="graceSeconds"
        label={messages.key.grace}
        options={GRACES.map((seconds) => ({ value: String(seconds), label: graceName(seconds) }))}
      />
    </FormDialog>
  );
}

function graceName(seconds: number): string {
  if (seconds === 0) return messages.key.graces.now;
  return seconds < DAY_S
    ? messages.key.graces.hours(seconds / HOUR_S)
    : messages.key.graces.days(seconds / DAY_S);
}
