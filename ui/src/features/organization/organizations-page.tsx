import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { FormEvent } from "react";
import { useState } from "react";
import { createOrganization } from "@/api/organizations";
import { fieldError, formError } from "@/api/problem";
import { keys, sessionQuery } from "@/api/queries";
import { FormAlert } from "@/components/form-alert";
import { FrontPage } from "@/components/front-page";
import { KeyField } from "@/components/key-field";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { usePageTitle } from "@/lib/page-title";
import { slug } from "@/lib/slug";
import { paths } from "@/paths";

export function OrganizationsPage() {
  usePageTitle("Organisations");
  const { data: session } = useQuery(sessionQuery);
  const organizations = session?.organizations ?? [];
  const [creating, setCreating] = useState(false);
  const form = creating || organizations.length === 0;
  return (
    <FrontPage
      title="Organisations"
      lead={organizations.length === 0 ? "You belong to none yet. Create one." : "Where do you want to work?"}
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
              <Badge>{item.role}</Badge>
              <ChevronRight className="size-4 text-faint" aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
      {form ? (
        <NewOrganization />
      ) : (
        <Button look="ghost" className="mt-3 w-full" onClick={() => setCreating(true)}>
          Create an organisation
        </Button>
      )}
    </FrontPage>
  );
}

function NewOrganization() {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [ownKey, setOwnKey] = useState<string | null>(null);
  const key = ownKey ?? slug(name);
  const create = useMutation({
    mutationFn: createOrganization,
    meta: { awaits: [keys.session] },
    onSuccess: (organization) => navigate({ to: paths.organization, params: { org: organization.key } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), key });
  };
  return (
    <form onSubmit={submit} className="mt-4 space-y-4 border-t pt-4">
      <FormAlert message={formError(create.error, ["/name", "/key"])} />
      <Field label="Name" error={fieldError(create.error, "/name")}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <KeyField value={key} onChange={setOwnKey} error={fieldError(create.error, "/key")} />
      <Button type="submit" look="primary" className="w-full" busy={create.isPending}>
        Create organisation
      </Button>
    </form>
  );
}
