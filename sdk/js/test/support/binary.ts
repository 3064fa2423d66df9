// The real hub: the `peekaboo` binary with a demo on a database of its own, on ports of the system's choice.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json, text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

export const BINARY =
  process.env.PEEKABOO_BIN ?? join(import.meta.dirname, "../../../../target/debug/peekaboo");

/** What the hub writes once it listens. */
export interface Ready {
  readonly dashboard: string;
  readonly stream: string;
  readonly sdk: string;
  readonly metrics: string;
  readonly demo: {
    readonly organization: string;
    readonly project: string;
    readonly environment: string;
    readonly email: string;
    readonly password: string;
    readonly serverKey: string;
    readonly clientKey: string;
  };
}

export interface RunningHub {
  readonly ready: Ready;
  /** Asks it to drain and waits for its end. */
  stop(): Promise<void>;
}

/** Starts a hub on a database in `directory`, on the ports of an earlier one where that is given. */
export async function startHub(directory: string, earlier?: Ready, ...flags: string[]): Promise<RunningHub> {
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: cargo build --package peekaboo-hub`);
  const readyFile = join(directory, "ready.json");
  rmSync(readyFile, { force: true });
  const listen = (name: string, address?: string) => [
    `--${name}-listen`,
    address ? new URL(address).host : "127.0.0.1:0",
  ];
  const child = spawn(
    BINARY,
    [
      ...["serve", "--demo", "--data-dir", directory, "--ready-file", readyFile],
      ...listen("dashboard", earlier?.dashboard),
      ...listen("sdk", earlier?.stream),
      ...listen("metrics"),
      ...flags,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  child.stderr.on("data", (data) => {
    log += data;
  });
  await until(() => existsSync(readyFile) || child.exitCode !== null, "the hub to be ready");
  if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}:\n${log}`);
  return { ready: JSON.parse(readFileSync(readyFile, "utf8")), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "peekaboo-js-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Waits for a condition, looking often; fails when it takes longer than a test should. */
export async function until(holds: () => boolean, what: string, deadlineMs = 20_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await sleep(5);
  }
}

/** Asks again until the answer is yes; fails as `until` does. */
export async function eventually(ask: () => Promise<boolean>, what: string): Promise<void> {
  let holds = false;
  const asking = (async () => {
    while (!holds) holds = await ask();
  })();
  await until(() => holds, what);
  await asking;
}

/** How many batches of events the hub has taken. */
export async function batchesTaken({ metrics }: Ready): Promise<number> {
  const samples = await (await fetch(`${metrics}/metrics`)).text();
  return Number(/^peekaboo_event_batches_total\{outcome="accepted"\} (\d+)$/m.exec(samples)?.[1]);
}

/** The admin API as the demo's user. */
export interface Admin {
  /** Changes a flag's targeting in the demo's environment. */
  patchTargeting(flag: string, patch: object): Promise<{ version: number }>;
  /** What the hub says every flag serves for a context. */
  evaluate(context: object): Promise<Record<string, { value: unknown }>>;
  /** Makes another client key; `revoke` ends it. */
  createClientKey(name: string): Promise<{ key: string; revoke(): Promise<void> }>;
  /** Makes a server key. */
  createServerKey(name: string): Promise<{ key: string; revoke(): Promise<void> }>;
}

export async function signIn({ dashboard, demo }: Ready): Promise<Admin> {
  const project = `/organizations/${demo.organization}/projects/${demo.project}`;
  const environment = `${project}/environments/${demo.environment}`;
  let cookie = "";

  // Not by `fetch`: where a test has a DOM that is a page's, which may not say who it is.
  async function call(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const sent = request(`${dashboard}/api/v1${path}`, {
      method,
      headers: { origin: dashboard, cookie, ...(body ? { "content-type": "application/json" } : {}) },
    });
    sent.end(body && JSON.stringify(body));
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    const { statusCode = 0 } = response;
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${await text(response)}`);
    return response;
  }

  async function createKey(kind: string, name: string) {
    const response = await call("POST", `${environment}/keys`, { kind, name });
    const { id, secret, key } = (await json(response)) as {
      id: string;
      secret: string | null;
      key: string | null;
    };
    return {
      key: secret ?? key ?? "",
      revoke: async () => void (await call("DELETE", `${environment}/keys/${id}`)).resume(),
    };
  }

  const session = await call("POST", "/session", { email: demo.email, password: demo.password });
  session.resume();
  cookie = (session.headers["set-cookie"] ?? []).map((each) => each.split(";")[0]).join("; ");

  return {
    async patchTargeting(flag, patch) {
      const response = await call(
        "PATCH",
        `${project}/flags/${flag}/environments/${demo.environment}`,
        patch,
      );
      return (await json(response)) as { version: number };
    },
    async evaluate(context) {
      const response = await call("POST", `${environment}/evaluate`, { context });
      return ((await json(response)) as { results: Record<string, { value: unknown }> }).results;
    },
    createClientKey: (name) => createKey("client", name),
    createServerKey: (name) => createKey("server", name),
  };
}
