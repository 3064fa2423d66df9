import type { Admin } from "./admin";

const PROJECTS = "/api/v1/organizations/{org}/projects";
const PROJECT = `${PROJECTS}/{project}` as const;
/** How many requests are under way at once. */
const AT_ONCE = 8;

const MORE_ENVIRONMENTS = [
  "qa",
  "uat",
  "performance",
  "canary",
  "demo",
  "preview",
  "sandbox",
  "europe",
  "asia",
];

export const nameOf = (place: number) => `Flag number ${String(place).padStart(3, "0")}`;
export const keyOf = (place: number) => `flag-number-${String(place).padStart(3, "0")}`;

/** Makes a project with 12 environments and as many flags as asked for. */
export async function makeLargeProject(
  admin: Admin,
  org: string,
  project: string,
  flags: number,
): Promise<void> {
  await admin.api.POST(PROJECTS, { params: { path: { org } }, body: { key: project, name: "Large" } });
  const path = { org, project };
  for (const key of MORE_ENVIRONMENTS) {
    await admin.api.POST(`${PROJECT}/environments`, { params: { path }, body: { key, name: key } });
  }
  const places = Array.from({ length: flags }, (_, index) => index + 1);
  const work = async () => {
    for (let place = places.shift(); place !== undefined; place = places.shift()) {
      const body = { key: keyOf(place), name: nameOf(place), type: "boolean" as const };
      await admin.api.POST(`${PROJECT}/flags`, { params: { path }, body });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
