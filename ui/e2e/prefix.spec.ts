// The dashboard behind a proxy that serves it under a path, as https://example.com/flags. Whatever asks outside the path is
// a fault: it would reach something else that lives at the proxy's address.
import type { Server } from "node:http";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import type { Hub } from "./hub";
import { startHub } from "./hub";

const PREFIX = "/flags";

interface Proxy {
  readonly origin: string;
  /** The hub's address, once it listens. */
  target: string;
  /** What was asked for outside the path. */
  readonly outside: string[];
  readonly server: Server;
}

async function startProxy({ removesPrefix }: { removesPrefix: boolean }): Promise<Proxy> {
  const outside: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const url = incoming.url ?? "/";
    if (url !== PREFIX && !url.startsWith(`${PREFIX}/`)) {
      outside.push(url);
      outgoing.writeHead(404).end();
      return;
    }
    const path = removesPrefix ? url.slice(PREFIX.length) || "/" : url;
    const { method, headers } = incoming;
    const forwarded = request(new URL(path, proxy.target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    outgoing.on("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy: Proxy = { origin, target: "", outside, server };
  return proxy;
}

for (const removesPrefix of [true, false]) {
  const kind = removesPrefix ? "removes" : "keeps";
  test.describe(`under a path that the proxy ${kind}`, () => {
    let proxy: Proxy;
    let hub: Hub;
    test.beforeAll(async () => {
      proxy = await startProxy({ removesPrefix });
      hub = await startHub({ demo: true });
      proxy.target = hub.dashboard;
      await hub.end();
      await hub.start("--dashboard-public-url", `${proxy.origin}${PREFIX}`);
    });
    test.afterAll(async () => {
      proxy.server.close();
      proxy.server.closeAllConnections();
      await hub.stop();
    });

    test("people sign in, change a flag, follow links, reload and sign out", async ({ page }) => {
      const { demo } = hub;
      if (!demo) throw new Error("the hub made no demo");
      await page.goto(`${proxy.origin}${PREFIX}/o/${demo.organization}/p/${demo.project}/flags`);
      await page.getByLabel("Email").fill(demo.email);
      await page.getByLabel("Password").fill(demo.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByText("Live", { exact: true })).toBeVisible();
      const toggle = page.getByRole("switch", { name: "Hero theme in Development" });
      const before = await toggle.isChecked();
      await toggle.click();
      await expect(toggle).toBeChecked({ checked: !before });

      await page.getByRole("link", { name: "Hero theme" }).click();
      await expect(page.getByRole("heading", { name: "Hero theme", level: 1 })).toBeVisible();
      expect(new URL(page.url()).pathname).toMatch(/^\/flags\/o\//);
      await page.reload();
      await expect(page.getByRole("heading", { name: "Hero theme", level: 1 })).toBeVisible();
      await expect(page.getByText("Live", { exact: true })).toBeVisible();

      await page.getByRole("button", { name: "Account" }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await expect(page.getByLabel("Password")).toBeVisible();
      await page.reload();
      await expect(page.getByLabel("Password")).toBeVisible();
      expect(new URL(page.url()).pathname).toMatch(/^\/flags\//);
      expect(proxy.outside.filter((path) => path !== "/favicon.ico")).toEqual([]);
    });
  });
}
