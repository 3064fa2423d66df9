import type { Page } from "@playwright/test";
import { test as base } from "@playwright/test";
import type { Admin } from "./admin";
import { asBrowserCookie, signInElsewhere } from "./admin";
import type { Hub, Ready } from "./hub";
import { startHub } from "./hub";

type Demo = Hub & { demo: NonNullable<Ready["demo"]> };

interface Fixtures {
  /** A page that is signed in to the demo. */
  dashboard: Page;
  /** Makes a boolean flag that no other test uses, and gives back its key. */
  newFlag: (name: string, change?: { clientVisible?: boolean }) => Promise<string>;
}
interface WorkerFixtures {
  hub: Demo;
  /** Another admin, signed in elsewhere. */
  admin: Admin;
}

let flags = 0;

export const test = base.extend<Fixtures, WorkerFixtures>({
  hub: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its first parameter
    async ({}, use) => {
      const hub = await startHub({ demo: true });
      if (!hub.demo) throw new Error("the hub made no demo");
      await use({ ...hub, demo: hub.demo });
      await hub.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  admin: [
    async ({ hub }, use) => {
      await use(await signInElsewhere(hub, hub.demo.email, hub.demo.password));
    },
    { scope: "worker" },
  ],
  baseURL: async ({ hub }, use) => {
    await use(hub.dashboard);
  },
  dashboard: async ({ page, hub, admin }, use) => {
    await page.context().addCookies([asBrowserCookie(hub, admin.cookie)]);
    await use(page);
  },
  newFlag: async ({ hub, admin }, use) => {
    await use(async (name, { clientVisible = true } = {}) => {
      flags += 1;
      const key = `${name}-${process.pid}-${flags}`;
      const { organization: org, project } = hub.demo;
      await admin.api.POST("/api/v1/organizations/{org}/projects/{project}/flags", {
        params: { path: { org, project } },
        body: { key, name: key, type: "boolean", clientVisible },
      });
      return key;
    });
  },
});

/** Where a page of the demo's project is. */
export function at(hub: Demo, path: string): string {
  return `/o/${hub.demo.organization}/p/${hub.demo.project}/${path}`;
}
