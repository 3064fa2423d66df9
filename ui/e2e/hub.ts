import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const STARTS_WITHIN_MS = 30_000;
const BINARY = process.env.PEEKABOO_BIN ?? resolve(import.meta.dirname, "../../target/debug/peekaboo");

/** What a hub writes once it listens. */
export interface Ready {
  dashboard: string;
  stream: string;
  sdk: string;
  metrics: string;
  setupCode: string | null;
  demo: {
    organization: string;
    project: string;
    environment: string;
    email: string;
    password: string;
    serverKey: string;
    clientKey: string;
  } | null;
}

export interface Hub extends Ready {
  /** Ends the hub and keeps its data and ports for `start`. */
  end(): Promise<void>;
  /** Starts it again where it was, with more arguments. */
  start(...more: string[]): Promise<void>;
  /** Ends it and throws its data away. */
  stop(): Promise<void>;
}

/** Starts the real binary on ports of its own, with a database of its own. */
export async function startHub({ demo }: { demo: boolean }): Promise<Hub> {
  const folder = mkdtempSync(join(tmpdir(), "peekaboo-e2e-"));
  const asked = demo ? ["--demo"] : [];
  let { ready, hub } = await launch(folder, asked, { dashboard: "0", sdk: "0", metrics: "0" });
  return {
    ...ready,
    end: () => end(hub),
    async start(...more) {
      const [dashboard, sdk, metrics] = [ready.dashboard, ready.sdk, ready.metrics].map(
        (url) => new URL(url).port,
      );
      ({ ready, hub } = await launch(folder, [...asked, ...more], { dashboard, sdk, metrics }));
    },
    async stop() {
      await end(hub);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Ports = Record<"dashboard" | "sdk" | "metrics", string | undefined>;

async function launch(
  folder: string,
  asked: string[],
  ports: Ports,
): Promise<{ ready: Ready; hub: ChildProcess }> {
  const readyFile = join(folder, "ready.json");
  rmSync(readyFile, { force: true });
  const listeners = Object.entries(ports).flatMap(([name, port]) => [
    `--${name}-listen`,
    `127.0.0.1:${port}`,
  ]);
  const args = ["serve", ...listeners, "--data-dir", join(folder, "data"), "--ready-file", readyFile];
  const hub = spawn(BINARY, [...args, ...asked], { stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  hub.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  hub.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  try {
    await appears(readyFile, hub);
  } catch (error) {
    await end(hub);
    throw new Error(`${error instanceof Error ? error.message : error}\n${output.join("")}`);
  }
  return { ready: JSON.parse(readFileSync(readyFile, "utf8")) as Ready, hub };
}

async function end(hub: ChildProcess): Promise<void> {
  if (hub.exitCode !== null || hub.signalCode !== null) return;
  const gone = once(hub, "exit");
  hub.kill("SIGTERM");
  // A second signal ends the drain.
  hub.kill("SIGTERM");
  const timer = setTimeout(() => hub.kill("SIGKILL"), 5_000);
  await gone;
  clearTimeout(timer);
}

function appears(file: string, hub: ChildProcess): Promise<void> {
  const deadline = Date.now() + STARTS_WITHIN_MS;
  return new Promise((found, fail) => {
    const look = () => {
      if (existsSync(file)) found();
      else if (hub.exitCode !== null) fail(new Error(`the hub ended with code ${hub.exitCode}`));
      else if (Date.now() > deadline) fail(new Error(`the hub was not ready within ${STARTS_WITHIN_MS} ms`));
      else setTimeout(look, 30);
    };
    hub.on("error", fail);
    look();
  });
}
