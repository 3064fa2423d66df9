// examples/ssr, built by its own script: by rules in a file, and next to the real hub.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { demoHub, eventually, temporaryDirectory } from "../support/binary.js";
import type { Example } from "../support/example.js";
import { RULES, runScript, startExample, writeRules } from "../support/example.js";

const hub = demoHub();
const directory = temporaryDirectory();
const running: Example[] = [];

beforeAll(() => runScript("ssr", "build"), 60_000);

afterEach(async () => {
  for (const example of running.splice(0)) await example.stop();
});

afterAll(directory.remove);

async function start(env: Record<string, string>): Promise<Example> {
  const example = await startExample("ssr", [process.execPath, "dist/server/server.js"], env);
  running.push(example);
  return example;
}

test("renders a visitor's flags, and tells the page what it rendered with", async () => {
  const example = await start({ PEEKABOO_FILE: RULES });
  const response = await fetch(`${example.address()}/?country=SE`);
  const page = await response.text();
  expect(page).toContain("<h1>New in: lamps that follow the daylight</h1>");
  expect(page).toContain('<main data-theme="fjord">');
  const visitor = /visitor=([\w-]+)/.exec(response.headers.get("set-cookie") ?? "")?.[1];
  expect(startOf(page)).toMatchObject({
    values: { "hero-theme": "fjord", "new-checkout": false },
    context: { targetingKey: visitor, country: "SE" },
  });
  expect(startOf(page)).not.toHaveProperty("hub");
  expect(await example.stop()).toBe(0);
});

test("knows a visitor who comes back", async () => {
  const example = await start({ PEEKABOO_FILE: RULES });
  const response = await fetch(example.address(), { headers: { cookie: "visitor=v-7" } });
  expect(startOf(await response.text())).toMatchObject({ context: { targetingKey: "v-7", country: "DE" } });
});

test("nothing that a flag says becomes part of the page", async () => {
  const hostile = "</script><script>alert(1)</script><!-- $& -->";
  const example = await start({ PEEKABOO_FILE: writeRules(directory.path, hostile) });
  const page = await (await fetch(example.address())).text();
  expect(page).not.toContain("<script>alert(1)");
  expect(startOf(page)).toMatchObject({ values: { "banner-text": hostile } });
});

test("renders what holds when it is asked, and tells the page where to go on", async () => {
  const { sdk, demo } = hub.ready;
  const example = await start({
    PEEKABOO_URL: sdk,
    PEEKABOO_KEY: demo.serverKey,
    PEEKABOO_CLIENT_KEY: demo.clientKey,
  });
  const page = async () => (await fetch(example.address())).text();
  const first = await page();
  expect(first).toContain(">Buy now</button>");
  expect(first).toContain(JSON.stringify({ key: demo.clientKey, url: sdk }));
  expect(first).not.toContain(demo.serverKey);
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await eventually(async () => (await page()).includes(">Express checkout</button>"), "another page");
});

function startOf(page: string): unknown {
  return JSON.parse(/<script type="application\/json" id="start">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "");
}
