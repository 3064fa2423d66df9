import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { renameOrganization } from "@/api/organizations";
import { conflictOf, fieldError, formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { Organization } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { FieldConflict } from "@/features/history/field-conflict";
import { useFieldDraft } from "@/lib/use-field-draft";

export interface RenameOrganizationDialogProps {
  organization: Organization;
  onClose: () => void;
}

/** Gives the organisation another name. Its key, and with it every address, stays. */
export function RenameOrganizationDialog({ organization, onClose }: RenameOrganizationDialogProps) {
  const client = useQueryClient();
  const draft = useFieldDraft({ name: organization.name }, Date.parse(organization.updatedAt));
  const rename = useMutation({
    mutationFn: () => renameOrganization(organization.key, draft.base.name, draft.value.name.trim()),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.session }),
        client.invalidateQueries({ queryKey: keys.organization(organization.key) }),
      ]);
      onClose();
    },
    onError: (error) => {
      const held = conflictOf<Organization>(error);
      if (held) draft.overtaken({ name: held.name }, Date.parse(held.updatedAt));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.theirs) return;
    if (draft.changed.name === undefined) onClose();
    else rename.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Rename the organisation"
      description={`Its key stays ${organization.key}, and every address with it.`}
      className="max-w-md"
    >
      <form onSubmit={submit} className="space-y-4">
        <FieldConflict draft={draft} />
        <FormAlert message={conflictOf(rename.error) ? null : formError(rename.error, ["/name"])} />
        <Field label="Name" error={fieldError(rename.error, "/name")}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={200}
              value={draft.value.name}
              onChange={(event) => draft.edit({ name: event.target.value })}
            />
          )}
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            busy={rename.isPending}
            disabledReason={draft.theirs && "Decide above what to keep."}
          >
            Rename
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
