import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { z } from "zod";
import { erasePerson } from "@/api/organizations";
import { keys } from "@/api/queries";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { messages } from "./messages";

const SCHEMA = z.object({
  // Not trimmed: applications may send it with spaces.
  targetingKey: z.string().min(1, { error: () => messages.general.targetingKeyMissing }),
});

/** Deletes what is recorded of one person of the organization's applications. */
export function ErasePersonDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const erase = useMutation({
    mutationFn: (key: string) => erasePerson(org, key),
    meta: { invalidates: [keys.organization(org)] },
    onSuccess: ({ erased }, key) => {
      toast.success(messages.general.erased({ key, count: erased }));
      onClose();
    },
  });
  const form = useAppForm<z.infer<typeof SCHEMA>>(SCHEMA, { targetingKey: "" }, erase.error);
  return (
    <FormDialog
      danger
      form={form}
      title={messages.general.eraseTitle}
      description={messages.general.eraseWarning}
      className="max-w-md"
      action={messages.general.eraseSubmit}
      busy={erase.isPending}
      error={erase.error}
      onSubmit={({ targetingKey }) => erase.mutate(targetingKey)}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="targetingKey"
        label={messages.general.targetingKey}
        help={messages.general.targetingKeyHelp}
        autoFocus
      />
    </FormDialog>
  );
}
