import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createClient } from "@peekaboo/sdk";
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { createServer } from "vite";
import { WebSocket } from "ws";
import { at, test } from "./fixtures";

const ROOT = resolve(import.meta.dirname, "../..");

/** The code that the connect page shows for a kind of application. */
async function snippetOf(dashboard: Page, kind: string): Promise<string> {
  await dashboard.getByRole("tab", { name: kind }).click();
  return (await dashboard.getByRole("region", { name: "Code" }).last().textContent()) ?? "";
}

/** What a snippet prints: a flag of the project, which may be one that another test made, and its value. */
const LINE = /^[a-z0-9._-]+: \S+$/m;

/** Runs a program and gives what it prints, up to the first such line; then ends it. */
async function firstLine(command: string, args: string[], key: string): Promise<string> {
  const program = spawn(command, args, {
    env: { ...process.env, PEEKABOO_KEY: key, FORCE_COLOR: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const text of program.stdout) {
    output += text;
    if (LINE.test(output)) break;
  }
  if (program.exitCode === null && program.signalCode === null) {
    const ended = once(program, "exit");
    program.kill();
    await ended;
  }
  return LINE.exec(output)?.[0] ?? output;
}

test("the connect page says connected the moment the first application is", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "environments/staging/connect"));
  await expect(dashboard.getByText("Waiting for your application…")).toBeVisible();
  const snippet = await snippetOf(dashboard, "Bundled");
  const key = /key: "([^"]+)"/.exec(snippet)?.[1] ?? "";
  const url = /url: "([^"]+)"/.exec(snippet)?.[1] ?? "";
  expect(url).toBe(hub.stream);

  const client = createClient({
    key,
    url,
    context: { targetingKey: "user-1" },
    WebSocket: WebSocket as never,
  });
  expect(await client.ready(10_000)).toBe(true);
  await expect(dashboard.getByText("Connected: 1 application in Staging")).toBeVisible();
  await expect(dashboard.getByText(/^js\//)).toBeVisible();
  client.close();
  await expect(dashboard.getByText("Waiting for your application…")).toBeVisible();
});

test("the snippet for a page works as it stands, in a page of any origin", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "environments/development/connect"));
  await expect(dashboard.getByText("Waiting for your application…")).toBeVisible();
  const snippet = (await dashboard.getByRole("region", { name: "Code" }).last().textContent()) ?? "";
  const shop = await dashboard.context().newPage();
  const told: string[] = [];
  shop.on("console", (message) => told.push(message.text()));
  await shop.setContent(snippet);
  await expect.poll(() => told[0]).toMatch(/^[a-z0-9-]+: \S/);
  await dashboard.bringToFront();
  await expect(dashboard.getByText("Connected: 1 application in Development")).toBeVisible();
  await shop.close();
});

test("the snippet for React works as it stands", async ({ dashboard, hub }, info) => {
  await dashboard.goto(at(hub, "environments/production/connect"));
  const folder = info.outputPath("app");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.jsx"), await snippetOf(dashboard, "React"));
  const script = '<div id="root"></div><script type="module" src="/main.jsx"></script>';
  writeFileSync(join(folder, "index.html"), `<!doctype html><body>${script}</body>`);
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: "silent",
    cacheDir: join(folder, "cache"),
    esbuild: { jsx: "automatic" },
    server: { host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  const shop = await dashboard.context().newPage();
  await shop.goto(server.resolvedUrls?.local[0] ?? "");
  await expect(shop.getByText(LINE)).toBeVisible();
  await dashboard.bringToFront();
  await expect(dashboard.getByText("Connected: 1 application in Production")).toBeVisible();
  await shop.close();
  await server.close();
});

test("the snippets for servers work as they stand, with a server key", async ({ dashboard, hub }, info) => {
  test.setTimeout(180_000);
  await dashboard.goto(at(hub, "environments/production/connect"));
  const { serverKey } = hub.demo;
  const node = info.outputPath("app.mjs");
  writeFileSync(node, await snippetOf(dashboard, "Node"));
  await expect(dashboard.getByText("PEEKABOO_KEY is a server key")).toBeVisible();
  const told = await firstLine(process.execPath, [node], serverKey);
  expect(told).toMatch(LINE);

  const python = info.outputPath("app.py");
  writeFileSync(python, await snippetOf(dashboard, "OpenFeature"));
  const requirements = join(ROOT, "examples/python/requirements.txt");
  const scripts = join(ROOT, "scripts/python");
  const toldByPython = await firstLine(scripts, [requirements, python], serverKey);
  expect(toldByPython.toLowerCase(), "the same, but for how Python writes it").toBe(told.toLowerCase());
});

test("a connect page that cannot be read says so, and can be tried again", async ({ dashboard, hub }) => {
  await dashboard.route("**/environments/staging/keys*", (route) =>
    route.fulfill({ status: 500, body: "{}" }),
  );
  await dashboard.goto(at(hub, "environments/staging/connect"));
  const alert = dashboard.getByRole("alert");
  await expect(alert).toContainText("The hub responded with status 500");
  await dashboard.unroute("**/environments/staging/keys*");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(dashboard.getByRole("tab", { name: "Web page" })).toBeVisible();
});
