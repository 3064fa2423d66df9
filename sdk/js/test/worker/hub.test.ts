// The worker's client against the real hub: `PEEKABOO_BIN`, else the debug build.
import { expect, test } from "vitest";
import { createWorkerClient } from "../../src/worker/index.js";
import { batchesTaken, demoHub } from "../support/binary.js";

const hub = demoHub();

test("rules come from the hub, a change with the next refresh, and usage reaches it", async () => {
  const client = createWorkerClient({ key: hub.ready.demo.serverKey, url: hub.ready.sdk, maxAgeMs: 0 });
  const context = { targetingKey: "user-1", country: "SE" };
  expect(await client.refresh()).toBe(true);
  const results = await hub.admin.evaluate(context);
  expect(client.string("hero-theme", "")).toBe("dawn");
  for (const [key, value] of Object.entries(client.allFlags(context)))
    expect(results[key]?.value).toEqual(value);

  const enabled = await hub.admin.toggle("new-checkout");
  await client.refresh();
  expect(client.bool("new-checkout", !enabled, context)).toBe(enabled);
  const { version } = client;
  await client.refresh();
  expect(client.version).toBe(version);

  const before = await batchesTaken(hub.ready);
  client.track("purchase", context, 12.5);
  await client.flush();
  expect(await batchesTaken(hub.ready)).toBe(before + 1);
});

test("a key that is refused is an error that says so", async () => {
  const client = createWorkerClient({ key: "pbs_nobody_has_this_key", url: hub.ready.sdk });
  expect(await client.refresh()).toBe(false);
  expect(client.lastError?.message).toContain("the hub responded with 401");
});
