import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { PermissionQuestion } from "./access";
import {
  explainPermission,
  getAccess,
  listAccountTokens,
  listGrants,
  listPermissions,
  listPersonalTokens,
  listRoles,
  listServiceAccounts,
  listTeams,
} from "./access";
import { keys, pages } from "./queries";

// Who has access: grants, and whoever and whatever has them. One key refreshes them all, as a change of one changes others.

export const accessQuery = (org: string) =>
  queryOptions({ queryKey: [...keys.access(org), "own"], queryFn: () => getAccess(org) });
export const explanationQuery = ({ org, member, permission, project, environment }: PermissionQuestion) =>
  queryOptions({
    queryKey: [...keys.access(org), "why", member ?? "", permission, project ?? "", environment ?? ""],
    queryFn: () => explainPermission({ org, member, permission, project, environment }),
  });
/** The table of permissions, which changes with the hub's release only. */
export const permissionsQuery = queryOptions({
  queryKey: ["permissions"],
  queryFn: listPermissions,
  staleTime: Number.POSITIVE_INFINITY,
});

export const grantsQuery = (org: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.access(org), "grants"],
    queryFn: ({ pageParam }) => listGrants(org, pageParam),
    ...pages,
  });
export const teamsQuery = (org: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.access(org), "teams"],
    queryFn: ({ pageParam }) => listTeams(org, pageParam),
    ...pages,
  });
export const rolesQuery = (org: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.access(org), "roles"],
    queryFn: ({ pageParam }) => listRoles(org, pageParam),
    ...pages,
  });
export const serviceAccountsQuery = (org: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.access(org), "serviceAccounts"],
    queryFn: ({ pageParam }) => listServiceAccounts(org, pageParam),
    ...pages,
  });
export const accountTokensQuery = (org: string, account: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.access(org), "tokens", account],
    queryFn: ({ pageParam }) => listAccountTokens(org, account, pageParam),
    ...pages,
  });
export const personalTokensQuery = (org: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.access(org), "personalTokens"],
    queryFn: ({ pageParam }) => listPersonalTokens(org, pageParam),
    ...pages,
  });
