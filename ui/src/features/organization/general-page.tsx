import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { z } from "zod";
import { renameOrganization } from "@/api/organizations";
import { keys, organizationQuery } from "@/api/queries";
import { nameSchema } from "@/components/form/schemas";
import { TextField } from "@/components/form/text-field";
import { PageHeader } from "@/components/page-header";
import { Panel } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access/use-refusal";
import { SettingsForm } from "@/domain/settings/settings-form";
import { page, paths } from "@/paths";
import { messages } from "./messages";

const SCHEMA = z.object({ name: nameSchema });

/** The organization's name. Its key, and with it every address, stays. */
export function GeneralPage() {
  const { org } = useParams({ from: page(paths.general) });
  const { data: organization } = useSuspenseQuery(organizationQuery(org));
  const refusal = useRefusal("organization.update");
  return (
    <div className="max-w-2xl">
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
    </div>
  );
}
