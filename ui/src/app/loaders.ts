import type { QueryClient } from "@tanstack/react-query";
import type { FlagScope } from "@/api/flags";
import type { ProjectScope } from "@/api/projects";
import { flagQuery, flagsQuery, projectQuery, tagsQuery, targetingQuery } from "@/api/queries";
import type { FlagsSearch } from "@/features/flags/flags-search";
import { flagFilter } from "@/features/flags/flags-search";

/** Reads what a flag's page shows first, so that it appears in one piece. */
export async function loadFlag(
  client: QueryClient,
  scope: FlagScope,
  env: string | undefined,
): Promise<void> {
  const flag = client.ensureQueryData(flagQuery(scope));
  const { environments } = await client.ensureQueryData(projectQuery(scope));
  const environment = environments.find((item) => item.key === env) ?? environments[0];
  await flag;
  if (environment) await client.ensureQueryData(targetingQuery({ ...scope, environment: environment.key }));
}

/** Asks for what the list of flags shows while its code is still being loaded. The page waits for the answers itself. */
export function beginFlags(client: QueryClient, { org, project }: ProjectScope, search: FlagsSearch): void {
  const scope = { org, project };
  void client.prefetchQuery(projectQuery(scope));
  void client.prefetchInfiniteQuery(flagsQuery(scope, flagFilter(search)));
  void client.prefetchQuery(tagsQuery(scope));
}
