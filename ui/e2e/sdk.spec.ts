// The browser SDK where only a browser will do: tabs that share, beacons, and what a developer sees of it. The page is
// examples/browser, with the modules for pages without a bundler.
import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { Page, WebSocket } from "@playwright/test";
import { expect } from "@playwright/test";
import axe from "axe-core";
import { test as base } from "./fixtures";

const ROOT = resolve(import.meta.dirname, "../..");
const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";

interface Fixtures {
  /** Opens the example in another tab. */
  openTab: (hash?: string) => Promise<Tab>;
  /** What arrived by beacon, as text. */
  batches: string[];
  /** Changes what a flag serves to everybody in the demo's environment. */
  serve: (flag: string, variation: string) => Promise<void>;
}

interface Tab {
  readonly page: Page;
  /** The sockets that it opened. */
  readonly sockets: WebSocket[];
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its first parameter
  batches: async ({}, use) => {
    await use([]);
  },
  openTab: async ({ context, hub, batches }, use) => {
    const example = await serveExample(hub.stream, batches);
    const { clientKey: key } = hub.demo;
    const url = `${example.origin}/sdk/v1/stream`;
    const address = `${example.origin}/index.html?${new URLSearchParams({ key, url })}`;
    await use(async (hash = "") => {
      const page = await context.newPage();
      const sockets: WebSocket[] = [];
      page.on("websocket", (socket) => sockets.push(socket));
      await page.goto(address + hash);
      await expect(page.getByRole("status").first()).toHaveText("live");
      return { page, sockets };
    });
    example.server.close();
    example.server.closeAllConnections();
  },
  serve: async ({ hub, admin }, use) => {
    const { organization: org, project, environment } = hub.demo;
    await use(async (flag, variation) => {
      await admin.api.PATCH(TARGETING, {
        params: { path: { org, project, flag, environment } },
        body: { enabled: true, targets: [], rules: [], fallthrough: { variation } },
      });
    });
  },
});

/** Serves the example and the built SDK, takes what comes by beacon, and passes sockets on to the hub. */
async function serveExample(stream: string, batches: string[]): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://example").pathname.slice(1);
    if (path === "sdk/v1/events") {
      void text(request).then((body) => {
        batches.push(body);
        response.writeHead(202).end();
      });
      return;
    }
    const file = path.startsWith("sdk/") ? `sdk/js/dist/${path.slice(4)}` : `examples/browser/src/${path}`;
    if (!existsSync(resolve(ROOT, file))) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", file.endsWith(".html") ? "text/html" : "text/javascript");
    response.end(readFileSync(resolve(ROOT, file)));
  });
  server.on("upgrade", ({ url, rawHeaders }, socket, head) => {
    const { hostname, port } = new URL(stream);
    const hub = connect(Number(port), hostname);
    const lines = rawHeaders.map((each, i) => (i % 2 ? `${each}\r\n` : `${each}: `));
    hub.write(`GET ${url} HTTP/1.1\r\n${lines.join("")}\r\n`);
    hub.write(head);
    hub.pipe(socket).pipe(hub);
    hub.on("error", () => socket.destroy());
    socket.on("error", () => hub.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Waits until the page has asked for a module, as it does once the first values are in, and has run it. */
async function loaded(page: Page, module: string): Promise<void> {
  const address = () =>
    page.evaluate(
      (wanted) =>
        performance
          .getEntriesByType("resource")
          .map(({ name }) => name)
          .find((name) => name.endsWith(wanted)),
      module,
    );
  await expect.poll(address).toBeDefined();
  // The page's own import was first, so its module runs before this one is answered.
  await page.evaluate((url) => import(url).then(() => undefined), (await address()) ?? "");
}

test("two tabs share one connection; when the one that leads is closed, the other misses nothing", async ({
  openTab,
  serve,
}) => {
  await serve("new-checkout", "off");
  const first = await openTab();
  const second = await openTab();
  expect(first.sockets).toHaveLength(1);
  expect(second.sockets).toHaveLength(0);

  await serve("new-checkout", "on");
  for (const { page } of [first, second]) {
    await expect(page.getByRole("button", { name: "Express checkout" })).toBeVisible();
  }

  await first.page.close();
  await serve("new-checkout", "off");
  await expect(second.page.getByRole("button", { name: "Buy now" })).toBeVisible();
  // The tab that is closing may have passed this change on before the other had to connect.
  await expect.poll(() => second.sockets.length).toBe(1);
  await expect(second.page.getByRole("status").first()).toHaveText("live");
});

test("signing in moves a tab to a connection of its own, and out again back to the shared one", async ({
  openTab,
}) => {
  await openTab();
  const { page, sockets } = await openTab();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect.poll(() => sockets.length).toBe(1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect.poll(() => sockets[0]?.isClosed()).toBe(true);
  await expect(page.getByRole("status").first()).toHaveText("live");
  expect(sockets).toHaveLength(1);
});

test("a page that goes hands over what it read and tracked", async ({ openTab, batches, hub }) => {
  const { page } = await openTab();
  await page.getByRole("button", { name: /Buy now|Express checkout/ }).click();
  await loaded(page, "peekaboo-usage.min.js");
  await page.goto("about:blank");
  await expect.poll(() => batches.length).toBe(1);
  const batch = JSON.parse(batches[0] ?? "") as {
    key: string;
    counts: unknown[][];
    events: { event: string; value: number }[];
  };
  expect(batch.key).toBe(hub.demo.clientKey);
  expect(batch.counts.map(([flag]) => flag)).toEqual(expect.arrayContaining(["banner-text", "new-checkout"]));
  expect(batch.events).toMatchObject([{ event: "purchase", value: 12.5 }]);
});

test("a developer overrides a flag in one tab, by keyboard alone, and takes it back", async ({
  openTab,
  serve,
}) => {
  await serve("new-checkout", "off");
  const { page } = await openTab("#flags");
  const other = await openTab();
  await page.getByRole("button", { name: "Flags", exact: true }).focus();
  await page.keyboard.press("Enter");
  const search = page.getByRole("searchbox", { name: "Search flags" });
  await expect(search).toBeFocused();
  await page.keyboard.type("checkout");
  const rows = page.getByRole("list", { name: "Flags" }).getByRole("listitem");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("false");

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Value of new-checkout")).toHaveValue("true");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Express checkout" })).toBeVisible();
  await expect(rows).toContainText("Overridden here; the hub serves false");
  await expect(other.page.getByRole("button", { name: "Buy now" })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("button", { name: "Express checkout" })).toBeVisible();
  await page.getByRole("button", { name: "Flags: 1 overridden" }).click();
  await page.getByRole("button", { name: "Remove override of new-checkout" }).click();
  await expect(page.getByRole("button", { name: "Buy now" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Flags", exact: true })).toBeFocused();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the devtools pass axe in ${colorScheme}`, async ({ openTab }, info) => {
    const { page } = await openTab("#flags");
    await page.emulateMedia({ colorScheme });
    await page.getByRole("button", { name: "Flags", exact: true }).click();
    const row = page.getByRole("listitem").filter({ hasText: "hero-theme" });
    await row.getByText("Override", { exact: true }).first().click();
    await page.getByLabel("Value of hero-theme").fill("dusk");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/Overridden here/)).toBeVisible();
    await page.screenshot({ path: info.outputPath(`devtools-${colorScheme}.png`) });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() =>
      (window as unknown as { axe: typeof axe }).axe.run("peekaboo-devtools"),
    );
    expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html)}`)).toEqual([]);
  });
}
