// Measures what the dashboard costs with 300 flags and 12 environments, and prints a table. It checks nothing, as the
// figures depend on the machine: `npx playwright test -c e2e/figures.config.ts`.

import type { BrowserContext, CDPSession, Page } from "@playwright/test";
import { asBrowserCookie } from "./admin";
import { test } from "./fixtures";
import { keyOf, makeLargeProject, nameOf } from "./large-project";

const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";
const FLAGS = 300;
/** As Lighthouse understands slow 4G. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 84_480 };

interface Traffic {
  requests: number;
  bytes: number;
}

async function countTraffic(session: CDPSession): Promise<() => Traffic> {
  const traffic = { requests: 0, bytes: 0 };
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", ({ request }) => {
    if (request.url.startsWith("http")) traffic.requests += 1;
  });
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    traffic.bytes += encodedDataLength;
  });
  return () => {
    const now = { ...traffic };
    Object.assign(traffic, { requests: 0, bytes: 0 });
    return now;
  };
}

async function watchLongTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: "longtask",
    });
    Object.assign(window, { longTasks: tasks });
  });
  return () =>
    page.evaluate(() => Math.round(Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks)));
}

/** Opens the list, and says after how many milliseconds its first switch could be used. */
async function usable(page: Page, url: string): Promise<number> {
  const began = performance.now();
  await page.goto(url, { waitUntil: "commit" });
  await page.getByRole("switch").first().waitFor();
  return Math.round(performance.now() - began);
}

test("figures", async ({ hub, admin, browser }) => {
  test.setTimeout(300_000);
  const { organization: org } = hub.demo;
  const project = `figures-${process.pid}`;
  await makeLargeProject(admin, org, project, FLAGS);
  const url = `${hub.dashboard}/o/${org}/p/${project}/flags`;
  const open = async (): Promise<[BrowserContext, Page, CDPSession]> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addCookies([asBrowserCookie(hub, admin.cookie)]);
    const page = await context.newPage();
    return [context, page, await context.newCDPSession(page)];
  };
  const rows: [string, string][] = [];

  const [context, page, session] = await open();
  const traffic = await countTraffic(session);
  rows.push(["usable, cold", `${await usable(page, url)} ms`]);
  await page.waitForLoadState("networkidle").catch(() => {});
  const cold = traffic();
  rows.push(["cold load", `${cold.requests} requests, ${Math.round(cold.bytes / 1024)} KB`]);
  rows.push(["usable, warm", `${await usable(page, url)} ms`]);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.waitForLoadState("networkidle").catch(() => {});

  // The palette is loaded ahead of its use, once the page has settled.
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("/assets/palette-")),
  );
  await page.waitForLoadState("networkidle");
  const longest = await watchLongTasks(page);
  traffic();
  const own = page.getByRole("switch", { name: `${nameOf(3)} in Development` });
  await own.click();
  await page.waitForTimeout(2_000);
  const toggle = traffic();
  rows.push([
    "one toggle",
    `${toggle.requests} requests, ${(toggle.bytes / 1024).toFixed(1)} KB, longest task ${await longest()} ms`,
  ]);
  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag: keyOf(4), environment: "development" } },
    body: { enabled: true },
  });
  await page.waitForTimeout(2_000);
  const theirs = traffic();
  rows.push([
    "another person's toggle",
    `${theirs.requests} requests, ${(theirs.bytes / 1024).toFixed(1)} KB`,
  ]);
  await context.close();

  const [slowContext, slowPage, slowSession] = await open();
  await slowSession.send("Network.enable");
  await slowSession.send("Network.emulateNetworkConditions", SLOW_4G);
  await slowSession.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  rows.push(["usable, cold, 4 × slower CPU and slow 4G", `${await usable(slowPage, url)} ms`]);
  await slowContext.close();

  for (const [name, value] of rows) process.stdout.write(`${name}: ${value}\n`);
});
