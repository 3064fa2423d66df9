import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { rotateKey } from "@/api/projects";
import { keys } from "@/api/queries";
import { SelectField } from "@/components/form/select-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import type { KeyDialogProps } from "./edit-key-dialog";
import { SecretDialog } from "./secret-dialog";

const GRACES = [
  { seconds: 0, label: "Not at all: it stops at once" },
  { seconds: 3_600, label: "An hour" },
  { seconds: 86_400, label: "A day" },
  { seconds: 604_800, label: "A week" },
  { seconds: 2_592_000, label: "30 days" },
];

const SCHEMA = z.object({ graceSeconds: z.string() });

export function RotateKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const rotate = useMutation({
    mutationFn: (graceSeconds: number) => rotateKey(scope, item.id, graceSeconds),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: () => {
      if (item.kind === "client") onClose();
    },
  });
  const form = useAppForm(SCHEMA, { graceSeconds: "86400" }, rotate.error);
  if (rotate.data && item.kind === "server") {
    return <SecretDialog name={rotate.data.name} secret={rotate.data.secret} onClose={onClose} />;
  }
  return (
    <FormDialog
      form={form}
      title={`Rotate ${item.name}?`}
      description="A new key takes its place. Give it to your applications while the old one still works."
      className="max-w-md"
      action="Rotate key"
      busy={rotate.isPending}
      error={rotate.error}
      onSubmit={({ graceSeconds }) => rotate.mutate(Number(graceSeconds))}
      onClose={onClose}
    >
      <SelectField
        control={form.control}
        name="graceSeconds"
        label="How long the old key goes on working"
        options={GRACES.map(({ seconds, label }) => ({ value: String(seconds), label }))}
      />
    </FormDialog>
  );
}
