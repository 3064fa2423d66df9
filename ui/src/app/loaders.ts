import type { QueryClient } from "@tanstack/react-query";
import type { FlagScope } from "@/api/flags";
import { flagQuery, projectQuery, targetingQuery } from "@/api/queries";

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
