import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { deleteOrganization, renameOrganization } from "@/api/organizations";
import { formError } from "@/api/problem";
import { keys, organizationQuery } from "@/api/queries";
import { Confirm } from "@/components/confirm";
import { nameSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access/use-refusal";
import { SettingsForm } from "@/domain/settings/settings-form";
import { page, paths } from "@/paths";
import { DataSection } from "./data-section";
import { messages } from "./messages";

const SCHEMA = z.object({ name: nameSchema });

/** The organization's name. Its key, and with it every address, stays. */
export function GeneralPage() {
  const { org } = useParams({ from: page(paths.general) });
  const { data: organization } = useSuspenseQuery(organizationQuery(org));
  const refusal = useRefusal("organization.update");
  return (
    <div className="max-w-2xl space-y-8">
      <PageHeader
        title={messages.general.title}
        beside={<code className="font-mono">{organization.key}</code>}
      />
      <Panel className="p-5">
        <SettingsForm
          id={`organization/${org}`}
          item={organization}
          fieldsOf={({ name }) => ({ name })}
          versionOf={({ updatedAt }) => Date.parse(updatedAt)}
          schema={SCHEMA}
          update={({ name }, { base }) => renameOrganization(org, base.name, name ?? base.name)}
          invalidates={[keys.session, keys.organization(org)]}
          saved={messages.general.saved}
          refusal={refusal}
        >
          {({ control }) => <TextField control={control} name="name" label={messages.name} maxLength={200} />}
        </SettingsForm>
      </Panel>
      <DataSection org={org} />
      <DeleteSection org={org} name={organization.name} />
    </div>
  );
}

function DeleteSection({ org, name }: { org: string; name: string }) {
  const refusal = useRefusal("organization.delete");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteOrganization(org),
    meta: { awaits: [keys.session] },
    onSuccess: async () => {
      await navigate({ to: paths.organizations });
      client.removeQueries({ queryKey: keys.organization(org) });
    },
  });
  return (
    <Section title={messages.general.delete} description={messages.general.deleteHelp}>
      <Button look="danger" disabledReason={refusal} onClick={() => setDeleting(true)}>
        {messages.general.deleteSubmit}
      </Button>
      {deleting && (
        <Confirm
          danger
          title={messages.general.deleteTitle(name)}
          description={messages.general.deleteWarning}
          expected={org}
          action={messages.general.deleteSubmit}
          busy={remove.isPending}
          refused={formError(remove.error, [])}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        />
      )}
    </Section>
  );
}
