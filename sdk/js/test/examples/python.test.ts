// examples/python next to the real hub: OpenFeature's provider for OFREP, from PyPI, as its requirements name it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { demoHub } from "../support/binary.js";
import type { Example } from "../support/example.js";
import { EXAMPLES, startExample } from "../support/example.js";

const PYTHON = [join(EXAMPLES, "../scripts/python"), "requirements.txt"] as const;
let example: Example;

// Registered before the hub's, hence run after it: a failure here would keep the hub from being stopped.
afterAll(async () => {
  expect(await example?.stop()).toBe(0);
});

const hub = demoHub();

beforeAll(async () => {
  const [command, requirements] = PYTHON;
  execFileSync(command, [requirements, "--version"], { cwd: join(EXAMPLES, "python") });
  const env = { PEEKABOO_URL: hub.ready.sdk, PEEKABOO_KEY: hub.ready.demo.serverKey };
  example = await startExample("python", [...PYTHON, "app.py"], env);
}, 300_000);

beforeEach(async () => {
  await hub.admin.patchTargeting("new-checkout", { enabled: false });
});

async function get(path: string): Promise<unknown> {
  return (await fetch(example.address() + path)).json();
}

test("evaluates for the user of the request", async () => {
  expect(await get("/price")).toEqual({ price: 80, discount: 0 });
  expect(await get("/price?plan=pro")).toEqual({ price: 72, discount: 10 });
});

test("has a change with the next evaluation", async () => {
  expect(await get("/checkout?user=user-1")).toMatchObject({ express: false, variant: "off" });
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  expect(await get("/checkout?user=user-1")).toMatchObject({ express: true, variant: "on" });
});
