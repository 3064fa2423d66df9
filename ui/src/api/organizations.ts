import { basePath } from "@/lib/base";
import type { DownloadOptions } from "./download";
import { brokeOff, download } from "./download";
import { answer, api, given, guarded } from "./http";
import { messages } from "./messages";
import { Problem } from "./problem";

/** More bytes than the last line of an export has. */
const LAST_LINE = 1000;
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

/**
 * Everything that people set in an organization, as JSON Lines. Its last line has the kind `end`: without it, something
 * is missing.
 */
export async function exportOrganization(org: string, options: DownloadOptions): Promise<Blob> {
  const file = await download(`${basePath}/api/v1/organizations/${encodeURIComponent(org)}/export`, options);
  const last = (await file.slice(-LAST_LINE).text()).trimEnd().split("\n").pop();
  if (!last?.startsWith('{"kind":"end"')) throw brokeOff();
  return file;
}

/** Deletes what one person of the applications was served and did; says how many records that were. */
export const erasePerson = (org: string, targetingKey: string) =>
  answer(api.POST(`${ORGANIZATION}/erasures`, { params: { path: { org } }, body: { targetingKey } }));

export const listMembers = (org: string, search?: string, cursor?: string) =>
  answer(
    api.GET(`${ORGANIZATION}/members`, {
      params: { path: { org }, query: given({ search, cursor, limit: 100 }) },
    }),
  );
