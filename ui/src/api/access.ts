import { answer, api, explained, given, guarded } from "./http";
import type { components } from "./schema.gen";
import type { Permission } from "./types";

type Schemas = components["schemas"];

export type NewGrant = Schemas["CreateGrant"];
export type NewRole = Schemas["CreateRole"];
export type RoleChange = Schemas["UpdateRole"];
/** What a team and a service account have in common: what they are called and what they are for. */
export type Described = Schemas["CreateTeam"];
export type DescribedChange = Schemas["UpdateTeam"];
export type NewAccessToken = Schemas["CreateServiceAccountToken"];
export type NewPersonalToken = Schemas["CreatePersonalToken"];
/** Of the caller, where no member is given. */
export interface PermissionQuestion {
  org: string;
  member?: string | undefined;
  permission: Permission;
  project?: string | undefined;
  environment?: string | undefined;
}

const ORGANIZATION = "/api/v1/organizations/{org}";
const PAGE = 100;

/** How a change is guarded and explained. */
interface Guard {
  version: number;
  comment?: string | undefined;
}

export const getAccess = (org: string) =>
  answer(api.GET(`${ORGANIZATION}/access`, { params: { path: { org } } }));
export const listPermissions = () => answer(api.GET("/api/v1/permissions"));
export const explainPermission = ({ org, member, ...query }: PermissionQuestion) =>
  member === undefined
    ? answer(
        api.GET(`${ORGANIZATION}/access/permissions`, { params: { path: { org }, query: asked(query) } }),
      )
    : answer(
        api.GET(`${ORGANIZATION}/members/{member}/permissions`, {
          params: { path: { org, member }, query: asked(query) },
        }),
      );

function asked({ permission, ...place }: Omit<PermissionQuestion, "org" | "member">) {
  return { permission, ...given(place) };
}

export const listGrants = (org: string, cursor?: string) =>
  answer(
    api.GET(`${ORGANIZATION}/grants`, { params: { path: { org }, query: given({ cursor, limit: PAGE }) } }),
  );
export const createGrant = (org: string, body: NewGrant, comment?: string) =>
  answer(api.POST(`${ORGANIZATION}/grants`, { params: { path: { org }, header: explained(comment) }, body }));
export const deleteGrant = (org: string, grant: string, comment?: string) =>
  answer(
    api.DELETE(`${ORGANIZATION}/grants/{grant}`, {
      params: { path: { org, grant }, header: explained(comment) },
    }),
  );

export const listTeams = (org: string, cursor?: string) =>
  answer(
    api.GET(`${ORGANIZATION}/teams`, { params: { path: { org }, query: given({ cursor, limit: PAGE }) } }),
  );
export const createTeam = (org: string, body: Described) =>
  answer(api.POST(`${ORGANIZATION}/teams`, { params: { path: { org } }, body }));
export const updateTeam = (org: string, team: string, body: DescribedChange, guard: Guard) =>
  answer(
    api.PATCH(`${ORGANIZATION}/teams/{team}`, {
      params: { path: { org, team }, header: guarded(guard) },
      body,
    }),
  );
export const deleteTeam = (org: string, team: string, comment?: string) =>
  answer(
    api.DELETE(`${ORGANIZATION}/teams/{team}`, {
      params: { path: { org, team }, header: explained(comment) },
    }),
  );
export const addTeamMember = (org: string, team: string, member: string) =>
  answer(
    api.PUT(`${ORGANIZATION}/teams/{team}/members/{member}`, { params: { path: { org, team, member } } }),
  );
export const removeTeamMember = (org: string, team: string, member: string) =>
  answer(
    api.DELETE(`${ORGANIZATION}/teams/{team}/members/{member}`, { params: { path: { org, team, member } } }),
  );

export const listRoles = (org: string, cursor?: string) =>
  answer(
    api.GET(`${ORGANIZATION}/roles`, { params: { path: { org }, query: given({ cursor, limit: PAGE }) } }),
  );
export const createRole = (org: string, body: NewRole) =>
  answer(api.POST(`${ORGANIZATION}/roles`, { params: { path: { org } }, body }));
export const updateRole = (org: string, role: string, body: RoleChange, guard: Guard) =>
  answer(
    api.PATCH(`${ORGANIZATION}/roles/{role}`, {
      params: { path: { org, role }, header: guarded(guard) },
      body,
    }),
  );
export const deleteRole = (org: string, role: string, comment?: string) =>
  answer(
    api.DELETE(`${ORGANIZATION}/roles/{role}`, {
      params: { path: { org, role }, header: explained(comment) },
    }),
  );

export const listServiceAccounts = (org: string, cursor?: string) =>
  answer(
    api.GET(`${ORGANIZATION}/service-accounts`, {
      params: { path: { org }, query: given({ cursor, limit: PAGE }) },
    }),
  );
export const createServiceAccount = (org: string, body: Described) =>
  answer(api.POST(`${ORGANIZATION}/service-accounts`, { params: { path: { org } }, body }));
export const updateServiceAccount = (org: string, account: string, body: DescribedChange, guard: Guard) =>
  answer(
    api.PATCH(`${ORGANIZATION}/service-accounts/{account}`, {
      params: { path: { org, account }, header: guarded(guard) },
      body,
    }),
  );
export const deleteServiceAccount = (org: string, account: string, comment?: string) =>
  answer(
    api.DELETE(`${ORGANIZATION}/service-accounts/{account}`, {
      params: { path: { org, account }, header: explained(comment) },
    }),
  );
export const listAccountTokens = (org: string, account: string, cursor?: string) =>
  answer(
    api.GET(`${ORGANIZATION}/service-accounts/{account}/tokens`, {
      params: { path: { org, account }, query: given({ cursor, limit: PAGE }) },
    }),
  );
export const createAccountToken = (org: string, account: string, body: NewAccessToken) =>
  answer(
    api.POST(`${ORGANIZATION}/service-accounts/{account}/tokens`, {
      params: { path: { org, account } },
      body,
    }),
  );
export const revokeToken = (org: string, token: string) =>
  answer(api.DELETE(`${ORGANIZATION}/tokens/{token}`, { params: { path: { org, token } } }));

export const listPersonalTokens = (org: string, cursor?: string) =>
  answer(
    api.GET(`${ORGANIZATION}/personal-tokens`, {
      params: { path: { org }, query: given({ cursor, limit: PAGE }) },
    }),
  );
export const createPersonalToken = (org: string, body: NewPersonalToken) =>
  answer(api.POST(`${ORGANIZATION}/personal-tokens`, { params: { path: { org } }, body }));
export const revokePersonalToken = (org: string, token: string) =>
  answer(api.DELETE(`${ORGANIZATION}/personal-tokens/{token}`, { params: { path: { org, token } } }));
