import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import { projectsQuery, sessionQuery, setupQuery } from "@/api/queries";
import type { Session } from "@/api/types";
import { paths } from "@/paths";
import { lastOrganization, lastProject } from "./shell/last-project";

/** Sends whoever is not signed in to where they can be, and remembers where they wanted to go. */
export async function requireSession(client: QueryClient, href: string): Promise<Session> {
  try {
    return await client.ensureQueryData(sessionQuery);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    const setup = await client.fetchQuery(setupQuery);
    if (setup.required) throw redirect({ to: paths.setup });
    throw redirect({ to: paths.signIn, search: href === "/" ? {} : { next: href } });
  }
}

/** Where a visit without an address goes: to the flags where the person was last, or the first there are. */
export async function redirectHome(client: QueryClient, href: string): Promise<never> {
  const { organizations } = await requireSession(client, href);
  const last = lastOrganization();
  const organization = organizations.find((item) => item.key === last) ?? organizations[0];
  if (!organization) throw redirect({ to: paths.organizations });
  const project = lastProject(organization.key) ?? (await onlyProject(client, organization.key));
  if (project) throw redirect({ to: paths.flags, params: { org: organization.key, project }, search: {} });
  throw redirect({ to: paths.organization, params: { org: organization.key } });
}

async function onlyProject(client: QueryClient, org: string): Promise<string | undefined> {
  const { pages } = await client.ensureInfiniteQueryData(projectsQuery(org));
  const [first, second] = pages[0]?.items ?? [];
  return second ? undefined : first?.key;
}
