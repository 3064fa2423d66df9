import { eventsUrl, rulesetUrl } from "../address.js";
import { platformClock } from "../clock.js";
import type { Ruleset } from "../engine/ruleset.js";
import { check, nothing } from "../json.js";
import { encode } from "../msgpack.js";
import { parseRuleset } from "../node/parse.js";
import { createReads } from "../node/reads.js";
import { createReport, trackedEvent } from "../node/report.js";
import { streamUrl } from "../options.js";
import type { AnyFlags } from "../types.js";
import type { Batch } from "../usage/batch.js";
import { createUsage } from "../usage/usage.js";
import type { WorkerClient, WorkerOptions } from "./types.js";

/** How long a hub that failed is left alone, so that not every request waits for it. */
const RETRY_MS = 1_000;

/**
 * Creates a client for runtimes that keep nothing open between requests: Cloudflare Workers and other edge runtimes,
 * functions that are started for a request. Make one for each isolate, outside of the handler.
 *
 * @throws RangeError for options that can never work. From then on nothing is thrown.
 */
export function createWorkerClient<Flags extends object = AnyFlags>({
  key,
  url,
  maxAgeMs = 10_000,
  flushEveryMs = 10_000,
  timeoutMs = 2_000,
  bootstrap,
  usage: counts = true,
  // Looked up when it is called, and called on no object: runtimes refuse another `this`.
  fetch = (...request) => globalThis.fetch(...request),
  clock = platformClock,
}: WorkerOptions): WorkerClient<Flags> {
  check(String(key).startsWith("pbs_"), "`key` must be a server key (pbs_…)");
  const stream = streamUrl(url);
  const usage = createUsage({ clock, random: Math.random, encode, send: nothing });
  let ruleset: Ruleset | null = bootstrap === undefined ? null : parseRuleset(JSON.stringify(bootstrap));
  let etag = "";
  let askAgainAt = clock.now();
  let sendAgainAt = clock.now();
  let lastError: Error | null = null;

  function request(address: string, init: RequestInit, headers: Record<string, string>): Promise<Response> {
    return fetch(address, {
      ...init,
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  async function load(): Promise<void> {
    const response = await request(rulesetUrl(stream), {}, etag ? { "if-none-match": etag } : {});
    if (response.status === 304) return;
    if (!response.ok)
      throw new Error(`the hub responded with ${response.status}: ${await problemOf(response)}`);
    ruleset = parseRuleset(await response.text());
    etag = response.headers.get("etag") ?? "";
  }

  async function refresh(): Promise<boolean> {
    const now = clock.now();
    // A promise of another request may not be awaited in a worker. So while one request asks, others go on with the
    // rules that are there, and those without rules ask for themselves.
    if (now < askAgainAt && (ruleset || lastError)) return ruleset !== null;
    askAgainAt = now + maxAgeMs;
    try {
      await load();
      lastError = null;
    } catch (error) {
      lastError = error instanceof Error ? error : new Error(String(error));
      askAgainAt = clock.now() + Math.min(maxAgeMs, RETRY_MS);
    }
    return ruleset !== null;
  }

  /** Whether the batch needs no further attempt. */
  async function deliver(batch: Batch): Promise<boolean> {
    const init = { method: "POST", body: JSON.stringify(batch) };
    const response = await request(eventsUrl(stream), init, { "content-type": "application/json" });
    // The hub can never count these; every other failure passes.
    return response.ok || response.status === 400 || response.status === 422;
  }

  async function flush(): Promise<void> {
    const now = clock.now();
    if (now < sendAgainAt || usage.empty()) return;
    sendAgainAt = now + flushEveryMs;
    for (let batch = usage.next(); batch; batch = usage.next()) {
      try {
        if (!(await deliver(batch))) return;
      } catch {
        return;
      }
      usage.acknowledge(batch.id);
    }
  }

  const client: WorkerClient = {
    ...createReads({ ruleset: () => ruleset, report: counts ? createReport(usage, clock) : nothing }),
    get version() {
      return ruleset?.version ?? 0;
    },
    get lastError() {
      return lastError;
    },
    track(event, context, value) {
      if (counts) usage.record("events", trackedEvent(event, context, value));
    },
    refresh,
    flush,
  };
  return client as unknown as WorkerClient<Flags>;
}

/** What the hub says is wrong, as far as it says so. */
async function problemOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? text;
  } catch {
    return text.slice(0, 200) || response.statusText;
  }
}
