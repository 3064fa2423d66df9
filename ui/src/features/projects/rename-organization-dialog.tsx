import { useMutation } from "@tanstack/react-query";
import { renameOrganization } from "@/api/organizations";
import { conflictOf } from "@/api/problem";
import { keys } from "@/api/queries";
import type { Organization } from "@/api/types";
import { FormDialog } from "@/components/form-dialog";
import { NameField } from "@/components/name-field";
import { FieldConflict } from "@/domain/review/field-conflict";
import { useFieldDraft } from "@/lib/use-field-draft";

export interface RenameOrganizationDialogProps {
  organization: Organization;
  onClose: () => void;
}

/** Gives the organisation another name. Its key, and with it every address, stays. */
export function RenameOrganizationDialog({ organization, onClose }: RenameOrganizationDialogProps) {
  const draft = useFieldDraft({ name: organization.name }, Date.parse(organization.updatedAt));
  const rename = useMutation({
    mutationFn: () => renameOrganization(organization.key, draft.base.name, draft.value.name.trim()),
    meta: { awaits: [keys.session, keys.organization(organization.key)] },
    onSuccess: onClose,
    onError: (error) => {
      const held = conflictOf<Organization>(error);
      if (held) draft.overtaken({ name: held.name }, Date.parse(held.updatedAt));
    },
  });
  const submit = () => {
    if (draft.changed.name === undefined) onClose();
    else rename.mutate();
  };
  return (
    <FormDialog
      title="Rename the organisation"
      description={`Its key stays ${organization.key}, and every address with it.`}
      className="max-w-md"
      action="Rename"
      busy={rename.isPending}
      error={conflictOf(rename.error) ? null : rename.error}
      shown={["/name"]}
      blocked={draft.blocked}
      onSubmit={submit}
      onClose={onClose}
    >
      <FieldConflict draft={draft} />
      <NameField
        autoFocus
        value={draft.value.name}
        onChange={(name) => draft.edit({ name })}
        error={rename.error}
      />
    </FormDialog>
  );
}
