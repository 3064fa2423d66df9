import { basePath } from "@/lib/base";
import { answer, api, given, guarded } from "./http";
import { messages } from "./messages";
import { Problem } from "./problem";

const ORGANIZATION = "/api/v1/organizations/{org}";

export const eventsUrl = (org: string) =>
  `${basePath}/api/v1/organizations/${encodeURIComponent(org)}/events`;

export const createOrganization = (body: { name: string; key: string }) =>
  answer(api.POST("/api/v1/organizations", { body }));
export const getOrganization = (org: string) => answer(api.GET(ORGANIZATION, { params: { path: { org } } }));

/**
 * Gives the organisation another name than the one that was seen. Its version rises with whatever is made in it, which is
 * no conflict with its name; so what is compared is the name, and the version only guards the moment in between.
 */
export async function renameOrganization(org: string, seen: string, name: string) {
  const path = { org };
  const { data: current, response } = await api.GET(ORGANIZATION, { params: { path } });
  if (current && current.name !== seen) {
    throw new Problem(412, { detail: messages.renamed, current });
  }
  const version = Number(response.headers.get("ETag")?.replaceAll('"', ""));
  return answer(api.PATCH(ORGANIZATION, { params: { path, header: guarded({ version }) }, body: { name } }));
}

export const updateSecurity = (org: string, requiresSecondFactor: boolean) =>
  answer(
    api.PATCH(`${ORGANIZATION}/security`, { params: { path: { org } }, body: { requiresSecondFactor } }),
  );
export const deleteOrganization = (org: string) =>
  answer(api.DELETE(ORGANIZATION, { params: { path: { org } } }));

export const listMembers = (org: string, search?: string, cursor?: string) =>
  answer(
    api.GET(`${ORGANIZATION}/members`, {
      params: { path: { org }, query: given({ search, cursor, limit: 100 }) },
    }),
  );
