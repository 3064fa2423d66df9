import type { Guard } from "./http";
import { answer, api, explained, given, guarded } from "./http";
import type { ProjectScope } from "./projects";
import type { components } from "./schema.gen";
import type { FlagType, Targeting, TargetingConfig } from "./types";

export interface FlagScope extends ProjectScope {
  flag: string;
}
export interface TargetingScope extends FlagScope {
  environment: string;
}
export interface FlagFilter {
  search?: string | undefined;
  tag?: string | undefined;
  type?: FlagType | undefined;
  archived?: boolean | undefined;
  sort?: "key" | "name" | "-createdAt" | "-updatedAt" | undefined;
}
export type NewFlag = components["schemas"]["CreateFlag"];
export type FlagChange = components["schemas"]["UpdateFlag"];

const FLAGS = "/api/v1/organizations/{org}/projects/{project}/flags";
const FLAG = `${FLAGS}/{flag}` as const;
const TARGETING = `${FLAG}/environments/{environment}` as const;

export const listFlags = (path: ProjectScope, filter: FlagFilter, cursor?: string, limit = 50) =>
  answer(api.GET(FLAGS, { params: { path, query: given({ ...filter, cursor, limit }) } }));
export const listTags = (path: ProjectScope) =>
  answer(api.GET("/api/v1/organizations/{org}/projects/{project}/tags", { params: { path } }));
export const createFlag = (path: ProjectScope, body: NewFlag) =>
  answer(api.POST(FLAGS, { params: { path }, body }));
export const getFlag = (path: FlagScope) => answer(api.GET(FLAG, { params: { path } }));
export const updateFlag = (path: FlagScope, body: FlagChange, guard: Guard = {}) =>
  answer(api.PATCH(FLAG, { params: { path, header: guarded(guard) }, body }));
export const deleteFlag = (path: FlagScope, guard: Guard = {}) =>
  answer(api.DELETE(FLAG, { params: { path, header: guarded(guard) } }));
export const listFlagDependents = (path: FlagScope) =>
  answer(api.GET(`${FLAG}/dependents`, { params: { path } }));

/** The client's types lose that a weight is a pair; the schema's own say it. */
const targeting = (call: Promise<{ data?: unknown }>) =>
  answer<Targeting>(call as Promise<{ data?: Targeting }>);

export const getTargeting = (path: TargetingScope) => targeting(api.GET(TARGETING, { params: { path } }));
export const toggleFlag = (path: TargetingScope, enabled: boolean, guard: Guard = {}) =>
  targeting(api.PATCH(TARGETING, { params: { path, header: guarded(guard) }, body: { enabled } }));
export const replaceTargeting = (
  path: TargetingScope,
  body: TargetingConfig,
  version: number,
  comment?: string,
) =>
  targeting(
    api.PUT(TARGETING, {
      params: { path, header: { "If-Match": `"${version}"`, ...explained(comment) } },
      body,
    }),
  );
export const restoreTargeting = (
  path: TargetingScope,
  body: { entry: string; state: "before" | "after" },
  guard: Guard = {},
) => targeting(api.POST(`${TARGETING}/restore`, { params: { path, header: guarded(guard) }, body }));
