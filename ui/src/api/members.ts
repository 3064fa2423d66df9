import { answer, api } from "./http";
import type { Role } from "./types";

const ORGANIZATION = "/api/v1/organizations/{org}";

/** Gives a member another role in the whole organization; null takes it away and leaves their other grants. */
export const updateMember = (org: string, member: string, role: Role | null) =>
  answer(
    api.PATCH(`${ORGANIZATION}/members/{member}`, { params: { path: { org, member } }, body: { role } }),
  );
export const removeMember = (org: string, member: string) =>
  answer(api.DELETE(`${ORGANIZATION}/members/{member}`, { params: { path: { org, member } } }));
export const leaveOrganization = (org: string) =>
  answer(api.DELETE(`${ORGANIZATION}/membership`, { params: { path: { org } } }));
export const transferOwnership = (org: string, to: string) =>
  answer(api.POST(`${ORGANIZATION}/ownership`, { params: { path: { org } }, body: { to } }));
