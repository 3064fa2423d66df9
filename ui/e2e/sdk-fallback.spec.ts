// The browser SDK behind a proxy that lets no WebSocket through: examples/browser, and the hub behind it on the same
// origin, as OFREP and server-sent events.
import { existsSync, readFileSync } from "node:fs";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { expect } from "@playwright/test";
import { test } from "./fixtures";

const ROOT = resolve(import.meta.dirname, "../..");
const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";

test("values come over HTTP where no socket opens, and change when the hub says so", async ({
  page,
  hub,
  admin,
}) => {
  const asked = new Set<string>();
  let upgrades = 0;

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://example");
    const path = pathname.slice(1);
    const file = path.startsWith("sdk/") ? `sdk/js/dist/${path.slice(4)}` : `examples/browser/src/${path}`;
    if (existsSync(resolve(ROOT, file))) {
      response.setHeader("content-type", file.endsWith(".html") ? "text/html" : "text/javascript");
      response.end(readFileSync(resolve(ROOT, file)));
      return;
    }
    asked.add(pathname);
    const { method = "GET", url, headers } = request;
    const passed = ask(`${hub.sdk}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  });
  server.on("upgrade", (_, socket) => {
    upgrades += 1;
    socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const { organization: org, project, environment, clientKey: key } = hub.demo;
  const serve = async (variation: string) => {
    await admin.api.PATCH(TARGETING, {
      params: { path: { org, project, flag: "banner-text", environment } },
      body: { enabled: true, targets: [], rules: [], fallthrough: { variation } },
    });
  };
  await serve("welcome");
  await page.goto(`${origin}/index.html?${new URLSearchParams({ key, url: origin })}`);
  await expect(page.getByRole("status")).toHaveText("live", { timeout: 20_000 });
  expect(upgrades).toBeGreaterThanOrEqual(3);
  await expect(page.getByRole("heading")).toHaveText("New in: lamps that follow the daylight");
  await expect.poll(() => [...asked]).toContain("/ofrep/v1/stream");

  await serve("sale");
  await expect(page.getByRole("heading")).toHaveText("Autumn sale: everything must glow");
  await expect(page.getByRole("status")).toHaveText("live");

  server.close();
  server.closeAllConnections();
});
