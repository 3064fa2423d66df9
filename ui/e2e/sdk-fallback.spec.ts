// The browser SDK behind a proxy that lets no WebSocket through: examples/browser against a server that speaks OFREP and
// server-sent events, and nothing else.
import { existsSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { expect, test } from "@playwright/test";

const ROOT = resolve(import.meta.dirname, "../..");

test("values come over HTTP where no socket opens, and change when the hub says so", async ({ page }) => {
  const streams = new Set<ServerResponse>();
  const keys = new Set<string | undefined>();
  let banner = "Over HTTP";
  let upgrades = 0;

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://example").pathname.slice(1);
    const file = path.startsWith("sdk/") ? `sdk/js/dist/${path.slice(4)}` : `examples/browser/src/${path}`;
    if (path === "ofrep/v1/evaluate/flags") {
      keys.add(request.headers.authorization);
      const etag = `"${banner.length}"`;
      if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
      else {
        const flags = [{ key: "banner-text", value: banner, variant: "b", reason: "STATIC" }];
        response.writeHead(200, { "content-type": "application/json", etag });
        response.end(JSON.stringify({ flags, eventStreams: [{ type: "sse", url: "/changes" }] }));
      }
    } else if (path === "changes") {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": hello\n\n");
      streams.add(response);
    } else if (existsSync(resolve(ROOT, file))) {
      response.setHeader("content-type", file.endsWith(".html") ? "text/html" : "text/javascript");
      response.end(readFileSync(resolve(ROOT, file)));
    } else response.writeHead(404).end();
  });
  server.on("upgrade", (_, socket) => {
    upgrades += 1;
    socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await page.goto(`${origin}/index.html?${new URLSearchParams({ key: "pbc_example", url: origin })}`);
  await expect(page.getByRole("status")).toHaveText("live", { timeout: 20_000 });
  expect(upgrades).toBeGreaterThanOrEqual(3);
  expect([...keys]).toEqual(["Bearer pbc_example"]);
  await expect(page.getByRole("heading")).toHaveText("Over HTTP");

  await expect.poll(() => streams.size).toBe(1);
  banner = "Changed by a notice";
  for (const stream of streams) stream.write('data: {"type":"refetchEvaluation"}\n\n');
  await expect(page.getByRole("heading")).toHaveText("Changed by a notice");

  server.close();
  server.closeAllConnections();
});
