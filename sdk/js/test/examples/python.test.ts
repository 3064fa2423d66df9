// examples/python beside the real hub: OpenFeature's provider for OFREP, from PyPI, as its requirements name it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Admin, RunningHub } from "../support/binary.js";
import { signIn, startHub, temporaryDirectory } from "../support/binary.js";
import type { Example } from "../support/example.js";
import { EXAMPLES, startExample } from "../support/example.js";

const PYTHON = [join(EXAMPLES, "../scripts/python"), "requirements.txt"] as const;
const directory = temporaryDirectory();
let hub: RunningHub;
let admin: Admin;
let example: Example;

beforeAll(async () => {
  const [command, requirements] = PYTHON;
  execFileSync(command, [requirements, "--version"], { cwd: join(EXAMPLES, "python") });
  hub = await startHub(directory.path);
  admin = await signIn(hub.ready);
  const env = { PEEKABOO_URL: hub.ready.sdk, PEEKABOO_KEY: hub.ready.demo.serverKey };
  example = await startExample("python", [...PYTHON, "app.py"], env);
}, 300_000);

beforeEach(async () => {
  await admin.patchTargeting("new-checkout", { enabled: false });
});

afterAll(async () => {
  const code = await example?.stop();
  await hub?.stop();
  directory.remove();
  expect(code).toBe(0);
});

async function get(path: string): Promise<unknown> {
  return (await fetch(example.address() + path)).json();
}

test("decides for whoever asks", async () => {
  expect(await get("/price")).toEqual({ price: 80, discount: 0 });
  expect(await get("/price?plan=pro")).toEqual({ price: 72, discount: 10 });
});

test("has a change with the next evaluation", async () => {
  expect(await get("/checkout?user=user-1")).toMatchObject({ express: false, variant: "off" });
  await admin.patchTargeting("new-checkout", { enabled: true });
  expect(await get("/checkout?user=user-1")).toMatchObject({ express: true, variant: "on" });
});
