import type { Guard } from "./http";
import { answer, api, given, guarded } from "./http";
import type { ProjectScope } from "./projects";
import type { components } from "./schema.gen";

export interface SegmentScope extends ProjectScope {
  segment: string;
}
export type NewSegment = components["schemas"]["CreateSegment"];
export type SegmentChange = components["schemas"]["UpdateSegment"];

const SEGMENTS = "/api/v1/organizations/{org}/projects/{project}/segments";
const SEGMENT = `${SEGMENTS}/{segment}` as const;

export const listSegments = (path: ProjectScope, search?: string, cursor?: string) =>
  answer(api.GET(SEGMENTS, { params: { path, query: given({ search, cursor, limit: 100 }) } }));
export const createSegment = (path: ProjectScope, body: NewSegment) =>
  answer(api.POST(SEGMENTS, { params: { path }, body }));
export const getSegment = (path: SegmentScope) => answer(api.GET(SEGMENT, { params: { path } }));
export const updateSegment = (path: SegmentScope, body: SegmentChange, guard: Guard) =>
  answer(api.PATCH(SEGMENT, { params: { path, header: guarded(guard) }, body }));
export const deleteSegment = (path: SegmentScope) => answer(api.DELETE(SEGMENT, { params: { path } }));
export const listSegmentDependents = (path: SegmentScope) =>
  answer(api.GET(`${SEGMENT}/dependents`, { params: { path } }));
