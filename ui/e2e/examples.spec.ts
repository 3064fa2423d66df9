// The examples that bring a page of their own, in a real browser beside the hub: what an admin changes is what is shown.
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { InlineConfig } from "vite";
import { createServer } from "vite";
import { test as base } from "./fixtures";

const EXAMPLES = resolve(import.meta.dirname, "../../examples");
const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";

interface Fixtures {
  /** Turns the new checkout on or off for everybody. */
  turnCheckout: (on: boolean) => Promise<void>;
  /** Serves an example's page by Vite, as its `npm start` does; gives its address. */
  serveByVite: (example: string) => Promise<string>;
  /** The address of examples/ssr, as its server says it. */
  ssr: string;
  /** What a page complains of. */
  complaints: (page: Page) => string[];
}

const test = base.extend<Fixtures>({
  turnCheckout: async ({ hub, admin }, use) => {
    const { organization: org, project, environment } = hub.demo;
    await use(async (on) => {
      await admin.api.PATCH(TARGETING, {
        params: { path: { org, project, flag: "new-checkout", environment } },
        body: { enabled: on, fallthrough: { variation: "on" } },
      });
    });
  },
  serveByVite: async ({ hub }, use) => {
    const servers: { close: () => Promise<void> }[] = [];
    await use(async (example) => {
      const config: InlineConfig = {
        root: join(EXAMPLES, example),
        logLevel: "silent",
        server: { host: "127.0.0.1", port: 0 },
      };
      const server = await createServer(config);
      servers.push(server);
      await server.listen();
      const { clientKey: key } = hub.demo;
      return `${server.resolvedUrls?.local[0]}?${new URLSearchParams({ key, url: hub.stream })}`;
    });
    for (const server of servers) await server.close();
  },
  ssr: async ({ hub }, use) => {
    const cwd = join(EXAMPLES, "ssr");
    execFileSync("npm", ["run", "--silent", "build"], { cwd, stdio: "pipe" });
    const server = spawn(process.execPath, ["dist/server/server.js"], {
      cwd,
      env: {
        ...process.env,
        PORT: "0",
        PEEKABOO_URL: hub.sdk,
        PEEKABOO_KEY: hub.demo.serverKey,
        PEEKABOO_CLIENT_KEY: hub.demo.clientKey,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await use(await address(server));
    const ended = once(server, "exit");
    server.kill();
    await ended;
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its first parameter
  complaints: async ({}, use) => {
    await use((page) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      return complaints;
    });
  },
});

// One after another: they share what examples/ssr is built to.
test.describe.configure({ mode: "default" });

/** Where a server says that it listens. */
async function address(server: ChildProcess): Promise<string> {
  let output = "";
  for await (const text of server.stdout ?? []) {
    output += text;
    const found = /(?<=listening on )\S+/.exec(output)?.[0];
    if (found) return found;
  }
  throw new Error(`the server ended: ${output}`);
}

test("ssr: the server's page is taken over as it is, and follows its flags from there", async ({
  page,
  ssr,
  turnCheckout,
  complaints,
}) => {
  await turnCheckout(false);
  const said = complaints(page);
  const html = await (await page.goto(`${ssr}/?country=SE`))?.text();
  expect(html).toContain("The shop looks like <!-- -->fjord<!-- -->.");
  expect(html).toContain(">Buy now</button>");
  await expect(page.getByText("The shop looks like fjord.")).toBeVisible();
  await turnCheckout(true);
  await expect(page.getByRole("button", { name: "Express checkout" })).toBeVisible();
  expect(said).toEqual([]);
});

test("ssr: the page is whole without a script", async ({ browser, ssr, turnCheckout }) => {
  await turnCheckout(true);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${ssr}/`);
  await expect(page.getByText("The shop looks like dawn.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Express checkout" })).toBeVisible();
  await context.close();
});

test("react: the page follows its flags", async ({ page, serveByVite, turnCheckout, complaints }) => {
  await turnCheckout(false);
  const said = complaints(page);
  await page.goto(await serveByVite("react"));
  await expect(page.getByRole("heading", { name: "New in: lamps that follow the daylight" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Buy now" })).toBeVisible();
  await turnCheckout(true);
  await expect(page.getByRole("button", { name: "Express checkout" })).toBeVisible();
  expect(said).toEqual([]);
});

test("openfeature: the page follows its flags, and another user's", async ({
  page,
  serveByVite,
  turnCheckout,
  complaints,
}) => {
  await turnCheckout(false);
  const said = complaints(page);
  await page.goto(await serveByVite("openfeature"));
  await expect(page.getByRole("status")).toHaveText("READY");
  await expect(page.getByRole("button", { name: "Buy now" })).toBeVisible();
  await turnCheckout(true);
  await expect(page.getByRole("button", { name: "Express checkout" })).toBeVisible();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("status")).toHaveText("READY");
  expect(said).toEqual([]);
});
