import type { Page } from "@playwright/test";
import createClient from "openapi-fetch";
import type { paths } from "../src/api/schema.gen";
import { asBrowserCookie, signInElsewhere } from "./admin";
import { test as base } from "./fixtures";

export type Role = "viewer" | "editor" | "admin" | "owner";
export interface Grant {
  role: string;
  environment?: string;
}

interface Fixtures {
  /**
   * A page that is signed in as the demo's person, who then has no more than this: a role in the whole organization, or
   * none, and grants in the demo's project.
   */
  signedInAs: (role: Role | null, grants?: readonly Grant[]) => Promise<Page>;
}
interface WorkerFixtures {
  /** Keeps an owner's access, whatever becomes of the person. */
  machine: Awaited<ReturnType<typeof machineOf>>;
}

type DemoHub = Parameters<typeof signInElsewhere>[0] & {
  demo: { organization: string; email: string; password: string };
};

/** Hands the organization over, and leaves a service account that can give the demo's person any role. */
async function machineOf(hub: DemoHub) {
  const person = await signInElsewhere(hub, hub.demo.email, hub.demo.password);
  const path = { org: hub.demo.organization };
  const made = await person.api.POST("/api/v1/organizations/{org}/tokens", {
    params: { path },
    body: { name: "Roles of the tests", role: "owner" },
  });
  const members = await person.api.GET("/api/v1/organizations/{org}/members", { params: { path } });
  const items = members.data?.items ?? [];
  const self = items.find(({ user }) => user.email === hub.demo.email);
  const heir = items.find(({ role }) => role === "admin");
  if (!self || !heir || !made.data) throw new Error("the demo has no second admin");
  await person.api.POST("/api/v1/organizations/{org}/ownership", {
    params: { path },
    body: { to: heir.user.id },
  });
  const api = createClient<paths>({
    baseUrl: hub.dashboard,
    headers: { authorization: `Bearer ${made.data.token}` },
    fetch: async (request) => {
      const answer = await fetch(request);
      if (!answer.ok) throw new Error(`${request.method} ${request.url}: ${await answer.text()}`);
      return answer;
    },
  });
  return { api, cookie: person.cookie, self: self.user.id, heir: heir.user };
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  machine: [async ({ hub }, use) => use(await machineOf(hub)), { scope: "worker" }],
  signedInAs: async ({ page, hub, machine }, use) => {
    await page.context().addCookies([asBrowserCookie(hub, machine.cookie)]);
    const path = { org: hub.demo.organization };
    await use(async (role, grants = []) => {
      const member = { ...path, member: machine.self };
      await machine.api.PATCH("/api/v1/organizations/{org}/members/{member}", {
        params: { path: member },
        body: { role },
      });
      const held = await machine.api.GET("/api/v1/organizations/{org}/grants", {
        params: { path, query: { member: machine.self } },
      });
      for (const grant of held.data?.items ?? []) {
        if (grant.scope.project === undefined) continue;
        await machine.api.DELETE("/api/v1/organizations/{org}/grants/{grant}", {
          params: { path: { ...path, grant: grant.id } },
        });
      }
      for (const { role: name, environment } of grants) {
        await machine.api.POST("/api/v1/organizations/{org}/grants", {
          params: { path },
          body: {
            holder: { kind: "member", id: machine.self },
            role: name,
            scope: { project: hub.demo.project, ...(environment ? { environment } : {}) },
          },
        });
      }
      return page;
    });
  },
});
