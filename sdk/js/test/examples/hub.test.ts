// The examples for servers next to the real hub: `PEEKABOO_BIN`, else the debug build.
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createServerClient } from "../../src/node/index.js";
import { batchesTaken, demoHub, eventually, until } from "../support/binary.js";
import type { Example } from "../support/example.js";
import { RULES, startExample } from "../support/example.js";

const running: Example[] = [];
const hub = demoHub();

beforeEach(async () => {
  await hub.admin.patchTargeting("new-checkout", { enabled: false });
});

afterEach(async () => {
  for (const example of running.splice(0)) await example.stop();
});

async function start(folder: string, file: string, started?: string): Promise<Example> {
  const { sdk, demo } = hub.ready;
  const env = {
    PEEKABOO_URL: sdk,
    PEEKABOO_KEY: demo.serverKey,
  };
  const example = await startExample(folder, [process.execPath, file], env, started);
  running.push(example);
  return example;
}

test("node: follows a toggle", async () => {
  const example = await start("node", "index.js");
  const checkout = async () => (await (await fetch(`${example.address()}/?user=user-1`)).json()) as object;
  // Where its rules take longer than it waits for them, it listens before.
  await vi.waitFor(
    async () => expect(await checkout()).toMatchObject({ value: false, reason: "DISABLED" }),
    20_000,
  );
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await until(() => example.output().includes("changed: new-checkout\n"), "the toggle to arrive");
  expect(await checkout()).toMatchObject({ value: true, variation: "on" });
  expect(await example.stop()).toBe(0);
});

test("express: accepts orders once the checkout is on, and reports them before it ends", async () => {
  const example = await start("express", "index.js");
  const before = await batchesTaken(hub.ready);
  const order = () =>
    fetch(`${example.address()}/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-user": "user-1" },
      body: JSON.stringify({ quantity: 1 }),
    });
  expect((await order()).status).toBe(404);
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await eventually(async () => (await order()).status === 201, "an order to be taken");
  expect(await example.stop()).toBe(0);
  expect(await batchesTaken(hub.ready)).toBeGreaterThan(before);
});

test("openfeature: says what is served, and says it again when it is changed", async () => {
  const example = await start("openfeature", "src/server.js", "Cart");
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await until(() => example.output().includes("Express checkout"), "the toggle to arrive");
  expect(await example.stop()).toBe(0);
});

test("rules.json decides as the demo does", async () => {
  const offline = createServerClient({ file: RULES });
  await offline.ready();
  const keys = Object.keys(JSON.parse(readFileSync(RULES, "utf8")).flags);
  expect(keys.length).toBeGreaterThan(3);
  for (const country of ["DE", "SE"]) {
    for (const plan of ["free", "pro"]) {
      const context = { targetingKey: "user-1", country, plan };
      const results = await hub.admin.evaluate(context);
      for (const key of keys) expect(offline.detail(key, null, context).value).toEqual(results[key]?.value);
    }
  }
  await offline.close();
});
