import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { createOrganization } from "@/api/organizations";
import { formError } from "@/api/problem";
import { keys, sessionQuery } from "@/api/queries";
import { NamedFields, namedSchema } from "@/components/form/named-fields";
import { useAppForm } from "@/components/form/use-app-form";
import { FormAlert } from "@/components/form-alert";
import { FrontPage } from "@/components/front-page";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { messages as shared } from "@/domain/messages";
import { usePageTitle } from "@/lib/page-title";
import { paths } from "@/paths";
import { messages } from "./messages";

export function OrganizationsPage() {
  usePageTitle(messages.organizations.title);
  const { data: session } = useQuery(sessionQuery);
  const organizations = session?.organizations ?? [];
  const [creating, setCreating] = useState(false);
  const creates = session?.createsOrganizations ?? false;
  const form = creates && (creating || organizations.length === 0);
  return (
    <FrontPage
      title={messages.organizations.title}
      lead={organizations.length > 0 ? messages.organizations.choose : messages.organizations.none(creates)}
    >
      <ul className="space-y-2">
        {organizations.map((item) => (
          <li key={item.key}>
            <Link
              to={paths.organization}
              params={{ org: item.key }}
              className="flex items-center gap-2 rounded-md border px-3 py-2.5 transition-colors hover:border-line-strong hover:bg-raised"
            >
              <span className="min-w-0 flex-1 truncate font-medium">{item.name}</span>
              <Badge>{item.role ? shared.roles[item.role] : shared.withoutRole}</Badge>
              <ChevronRight className="size-4 text-faint" aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
      {form && <NewOrganization />}
      {creates && !form && (
        <Button look="ghost" className="mt-3 w-full" onClick={() => setCreating(true)}>
          {messages.organizations.create}
        </Button>
      )}
    </FrontPage>
  );
}

function NewOrganization() {
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: createOrganization,
    meta: { awaits: [keys.session] },
    onSuccess: (organization) => navigate({ to: paths.organization, params: { org: organization.key } }),
  });
  const form = useAppForm(namedSchema, { name: "", key: "" }, create.error);
  return (
    <form
      noValidate
      onSubmit={form.handleSubmit((named) => create.mutate(named))}
      className="mt-4 space-y-4 border-t pt-4"
    >
      <FormAlert message={formError(create.error, ["/name", "/key"])} />
      <NamedFields form={form} placeholder={messages.organizations.example} />
      <Button type="submit" look="primary" className="w-full" busy={create.isPending}>
        {messages.organizations.submit}
      </Button>
    </form>
  );
}
