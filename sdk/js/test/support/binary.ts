// The real hub: the `peekaboo` binary with a demo on a database of its own, on ports of the system's choice.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import type { Admin } from "./admin.js";
import { signIn } from "./admin.js";

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

/** A hub that the tests of a file share; what it has is there once they run. */
interface DemoHub {
  readonly ready: Ready;
  /** Signed in again after each start. */
  readonly admin: Admin;
  /** Asks it to drain and waits for its end. */
  stop(): Promise<void>;
  /** Starts it again with its data, on its former ports; stops it first where it still runs. */
  restart(): Promise<void>;
}

/** Starts a hub with these flags before the tests, and ends it after them. */
export function demoHub(...flags: string[]): DemoHub {
  const directory = temporaryDirectory();
  let hub: RunningHub | undefined;
  let admin: Admin | undefined;

  async function start(): Promise<void> {
    hub = await startHub(directory.path, hub?.ready, ...flags);
    admin = await signIn(hub.ready);
  }

  async function stop(): Promise<void> {
    await hub?.stop();
  }

  beforeAll(start);

  afterAll(async () => {
    await stop();
    directory.remove();
  });

  return {
    get ready() {
      return started(hub).ready;
    },
    get admin() {
      return started(admin);
    },
    stop,
    async restart() {
      await stop();
      await start();
    },
  };
}

function started<T>(part: T | undefined): T {
  if (!part) throw new Error("the hub is there once the tests run");
  return part;
}

interface RunningHub {
  readonly ready: Ready;
  stop(): Promise<void>;
}

/** Starts a hub on a database in `directory`, on the ports of an earlier one where that is given. */
async function startHub(directory: string, earlier?: Ready, ...flags: string[]): Promise<RunningHub> {
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
      // A drain is no longer than it must be.
      ...["--shutdown-window", "500ms"],
      ...flags,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  child.stderr.on("data", (data) => {
    log += data;
  });
  await until(() => existsSync(readyFile) || child.exitCode !== null, "the hub to be ready", 50_000);
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
  return Number(/^peekaboo_event_batches_total\{outcome="accepted"\} (\d+)$/m.exec(samples)?.[1] ?? 0);
}
