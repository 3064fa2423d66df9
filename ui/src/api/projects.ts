import type { Guard } from "./http";
import { answer, api, given, guarded } from "./http";
import type { components } from "./schema.gen";
import type { KeyKind } from "./types";

export interface ProjectScope {
  org: string;
  project: string;
}
export interface EnvironmentScope extends ProjectScope {
  environment: string;
}

type Schemas = components["schemas"];

const PROJECTS = "/api/v1/organizations/{org}/projects";
const PROJECT = `${PROJECTS}/{project}` as const;
const ENVIRONMENT = `${PROJECT}/environments/{environment}` as const;
const KEY = `${ENVIRONMENT}/keys/{key}` as const;

export const listProjects = (org: string, cursor?: string) =>
  answer(api.GET(PROJECTS, { params: { path: { org }, query: given({ cursor, limit: 100 }) } }));
export const createProject = (org: string, body: Schemas["CreateProject"]) =>
  answer(api.POST(PROJECTS, { params: { path: { org } }, body }));
export const getProject = (path: ProjectScope) => answer(api.GET(PROJECT, { params: { path } }));
export const updateProject = (path: ProjectScope, body: Schemas["UpdateProject"], guard: Guard) =>
  answer(api.PATCH(PROJECT, { params: { path, header: guarded(guard) }, body }));
export const deleteProject = (path: ProjectScope) => answer(api.DELETE(PROJECT, { params: { path } }));

export const createEnvironment = (path: ProjectScope, body: Schemas["CreateEnvironment"]) =>
  answer(api.POST(`${PROJECT}/environments`, { params: { path }, body }));
export const updateEnvironment = (path: EnvironmentScope, body: Schemas["UpdateEnvironment"], guard: Guard) =>
  answer(api.PATCH(ENVIRONMENT, { params: { path, header: guarded(guard) }, body }));
export const deleteEnvironment = (path: EnvironmentScope) =>
  answer(api.DELETE(ENVIRONMENT, { params: { path } }));

export const listKeys = (path: EnvironmentScope, cursor?: string) =>
  answer(api.GET(`${ENVIRONMENT}/keys`, { params: { path, query: given({ cursor, limit: 100 }) } }));
export const createKey = (
  path: EnvironmentScope,
  body: { kind: KeyKind; name: string; origins?: string[] },
) => answer(api.POST(`${ENVIRONMENT}/keys`, { params: { path }, body }));
export const updateKey = (scope: EnvironmentScope, key: string, body: Schemas["UpdateKey"], guard: Guard) =>
  answer(api.PATCH(KEY, { params: { path: { ...scope, key }, header: guarded(guard) }, body }));
export const revokeKey = (scope: EnvironmentScope, key: string) =>
  answer(api.DELETE(KEY, { params: { path: { ...scope, key } } }));
export const rotateKey = (scope: EnvironmentScope, key: string, graceSeconds: number) =>
  answer(api.POST(`${KEY}/rotate`, { params: { path: { ...scope, key } }, body: { graceSeconds } }));

export const getConnections = (path: EnvironmentScope) =>
  answer(api.GET(`${ENVIRONMENT}/connections`, { params: { path } }));
export const evaluate = (path: EnvironmentScope, body: Schemas["Evaluate"]) =>
  answer(api.POST(`${ENVIRONMENT}/evaluate`, { params: { path }, body }));
