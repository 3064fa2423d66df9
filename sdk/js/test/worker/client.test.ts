import { afterEach, expect, test, vi } from "vitest";
import type { WorkerOptions } from "../../src/worker/index.js";
import { createWorkerClient } from "../../src/worker/index.js";
import { createFakeClock } from "../support/clock.js";
import { rules } from "../support/server.js";

afterEach(() => vi.unstubAllGlobals());

/** A client whose hub answers as it is told. */
function start(options: Partial<WorkerOptions> = {}) {
  const clock = createFakeClock();
  const fetch = vi.fn<typeof globalThis.fetch>();
  const client = createWorkerClient({ key: "pbs_test", url: "https://flags.test", clock, fetch, ...options });
  return { client, clock, fetch };
}

function ruleset(version: number, flags: Record<string, unknown>): Response {
  const headers = { "content-type": "application/json", etag: `W/"e:${version}"` };
  return new Response(JSON.stringify({ epoch: "e", version, flags, segments: {} }), { headers });
}

test("rules are fetched with the server key, and evaluated in the worker", async () => {
  const { client, fetch } = start();
  expect(client.detail("checkout", false)).toMatchObject({ errorCode: "PROVIDER_NOT_READY" });
  fetch.mockResolvedValueOnce(ruleset(7, { checkout: rules(true) }));
  expect(await client.refresh()).toBe(true);
  expect(client.version).toBe(7);
  expect(client.bool("checkout", false, { targetingKey: "user-1" })).toBe(true);
  const [url, init] = fetch.mock.calls[0] ?? [];
  expect(url).toBe("https://flags.test/sdk/v1/ruleset");
  expect(init?.headers).toEqual({ authorization: "Bearer pbs_test" });
  expect(init?.signal).toBeInstanceOf(AbortSignal);
});

test("rules are asked for again once they are old, and only whether they changed", async () => {
  const { client, clock, fetch } = start({ maxAgeMs: 5_000 });
  fetch.mockResolvedValueOnce(ruleset(1, { checkout: rules(false) }));
  await client.refresh();
  clock.advance(4_999);
  expect(await client.refresh()).toBe(true);
  expect(fetch).toHaveBeenCalledTimes(1);

  clock.advance(1);
  fetch.mockResolvedValueOnce(new Response(null, { status: 304 }));
  expect(await client.refresh()).toBe(true);
  expect(fetch.mock.calls[1]?.[1]?.headers).toMatchObject({ "if-none-match": 'W/"e:1"' });

  clock.advance(5_000);
  fetch.mockResolvedValueOnce(ruleset(2, { checkout: rules(true) }));
  await client.refresh();
  expect(client.bool("checkout", false)).toBe(true);
});

test("requests that have rules do not wait for one that asks, and those without ask for themselves", async () => {
  const { client, clock, fetch } = start();
  fetch.mockImplementation(() => Promise.resolve(ruleset(1, { checkout: rules(true) })));
  await Promise.all([client.refresh(), client.refresh()]);
  expect(fetch).toHaveBeenCalledTimes(2);
  clock.advance(10_000);
  fetch.mockReturnValueOnce(new Promise(() => undefined));
  void client.refresh();
  expect(await client.refresh()).toBe(true);
  expect(fetch).toHaveBeenCalledTimes(3);
});

test("while the hub fails, older rules are served and it is asked once a second", async () => {
  const { client, clock, fetch } = start();
  fetch.mockRejectedValueOnce(new TypeError("fetch failed"));
  expect(await client.refresh()).toBe(false);
  expect(client.lastError?.message).toBe("fetch failed");
  expect(await client.refresh()).toBe(false);
  expect(fetch).toHaveBeenCalledTimes(1);

  clock.advance(1_000);
  fetch.mockResolvedValueOnce(ruleset(1, { checkout: rules(true) }));
  expect(await client.refresh()).toBe(true);
  expect(client.lastError).toBeNull();

  clock.advance(10_000);
  const detail = "this key was revoked";
  fetch.mockResolvedValueOnce(new Response(JSON.stringify({ detail }), { status: 401 }));
  expect(await client.refresh()).toBe(true);
  expect(client.lastError?.message).toBe("the hub responded with 401: this key was revoked");
  clock.advance(1_000);
  fetch.mockResolvedValueOnce(new Response("<html>", { status: 200 }));
  expect(await client.refresh()).toBe(true);
  expect(client.lastError).not.toBeNull();
  expect(client.bool("checkout", false)).toBe(true);
});

test("a bootstrap is served before anything was fetched", () => {
  const { client } = start({ bootstrap: { version: 3, flags: { checkout: rules(true) } } as never });
  expect(client.version).toBe(3);
  expect(client.bool("checkout", false)).toBe(true);
});

test("what was counted and tracked is sent by flush, again until the hub has it", async () => {
  const bootstrap = { flags: { checkout: rules(true) } } as never;
  const { client, fetch } = start({ bootstrap, flushEveryMs: 0 });
  client.bool("checkout", false, { targetingKey: "user-1" });
  client.track("purchase", { targetingKey: "user-1" }, 80);
  fetch.mockResolvedValueOnce(new Response(null, { status: 503 }));
  await client.flush();
  fetch.mockRejectedValueOnce(new TypeError("fetch failed"));
  await client.flush();
  fetch.mockResolvedValueOnce(new Response("{}", { status: 202 }));
  await client.flush();
  await client.flush();
  const bodies = fetch.mock.calls.map(([url, init]) => {
    expect(url).toBe("https://flags.test/sdk/v1/events");
    expect(init).toMatchObject({ method: "POST", headers: { authorization: "Bearer pbs_test" } });
    return JSON.parse(String(init?.body));
  });
  expect(bodies).toHaveLength(3);
  expect(bodies[0]).toEqual(bodies[2]);
  expect(bodies[0]).toMatchObject({
    counts: [["checkout", 1, "v", "STATIC", 1]],
    events: [{ event: "purchase", value: 80, targetingKey: "user-1" }],
  });
});

test("usage of many requests is gathered, and the first is sent at once", async () => {
  const { client, clock, fetch } = start({ bootstrap: {} });
  fetch.mockImplementation(() => Promise.resolve(new Response("{}", { status: 202 })));
  await client.flush();
  expect(fetch).not.toHaveBeenCalled();
  for (let request = 0; request < 3; request++) {
    client.track("purchase");
    await client.flush();
  }
  expect(fetch).toHaveBeenCalledTimes(1);
  clock.advance(10_000);
  await client.flush();
  expect(fetch).toHaveBeenCalledTimes(2);
  expect(JSON.parse(String(fetch.mock.calls[1]?.[1]?.body)).events).toHaveLength(2);
});

test("a batch that the hub can never count is dropped", async () => {
  const { client, fetch } = start({ bootstrap: {}, flushEveryMs: 0 });
  client.track("purchase");
  fetch.mockResolvedValueOnce(new Response("{}", { status: 422 }));
  await client.flush();
  await client.flush();
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("nothing is counted where usage is off", async () => {
  const { client, fetch } = start({ bootstrap: {}, usage: false });
  client.bool("checkout", false);
  client.track("purchase");
  await client.flush();
  expect(fetch).not.toHaveBeenCalled();
});

test("options that can never work are refused", () => {
  expect(() => start({ key: "pbc_public" })).toThrow("`key` must be a server key");
  expect(() => start({ url: "flags" })).toThrow("`url` must be");
});

test("the global fetch is called on no object, which runtimes refuse", async () => {
  const { fetch: _, ...rest } = { key: "pbs_test", url: "https://flags.test", fetch: undefined };
  const global = vi.fn(function answer(this: unknown) {
    expect(this === undefined || this === globalThis).toBe(true);
    return Promise.resolve(ruleset(1, {}));
  });
  vi.stubGlobal("fetch", global);
  const client = createWorkerClient(rest);
  expect(await client.refresh()).toBe(true);
});
