// What docs/sdk/workers.md shows, against the real hub: `PEEKABOO_BIN`, else the debug build.
// #region worker
import type { WorkerClient } from "@peekaboo/sdk/worker";
import { createWorkerClient } from "@peekaboo/sdk/worker";

// One for the isolate, made with the first request, which brings the environment.
let flags: WorkerClient | undefined;

const worker = {
  async fetch(request: Request, env: Environment, ctx: ExecutionContext): Promise<Response> {
    flags ??= createWorkerClient({ key: env.PEEKABOO_KEY, url: env.PEEKABOO_URL });
    await flags.refresh();
    const user = new URL(request.url).searchParams.get("user") ?? "nobody";
    const express = flags.bool("new-checkout", false, { targetingKey: user });
    ctx.waitUntil(flags.flush());
    return new Response(express ? "Express checkout" : "Cart");
  },
};

// #endregion

import { expect, test } from "vitest";
import { batchesTaken, demoHub } from "../support/binary.js";

interface Environment {
  readonly PEEKABOO_KEY: string;
  readonly PEEKABOO_URL: string;
}

/** The part of the runtime's own type that is used. */
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

const hub = demoHub();

test("the guide's worker answers by the flag, and what it counted reaches the hub", async () => {
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  const env = { PEEKABOO_KEY: hub.ready.demo.serverKey, PEEKABOO_URL: hub.ready.sdk };
  const later: Promise<unknown>[] = [];
  const ctx = { waitUntil: (promise: Promise<unknown>) => void later.push(promise) };
  const before = await batchesTaken(hub.ready);
  const response = await worker.fetch(new Request("https://shop.test/?user=user-1"), env, ctx);
  expect(await response.text()).toBe("Express checkout");
  await Promise.all(later);
  expect(await batchesTaken(hub.ready)).toBe(before + 1);
});
