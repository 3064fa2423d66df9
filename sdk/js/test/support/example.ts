// The programs of examples/, as their readers start them.
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./binary.js";

export const EXAMPLES = join(import.meta.dirname, "../../../../examples/");

/** The ruleset that examples start with where there is no hub. */
export const RULES = join(EXAMPLES, "rules.json");

export interface Example {
  /** All that it has printed. */
  readonly output: () => string;
  /** Where it listens, as it says. */
  readonly address: () => string;
  /** Asks it to end, as a deployment does, and waits for that; gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a program of the folder and waits until it has printed `started`. */
export async function startExample(
  folder: string,
  [command = process.execPath, ...args]: readonly string[],
  env: Record<string, string>,
  started = "listening on http",
): Promise<Example> {
  const child = spawn(command, args, {
    cwd: EXAMPLES + folder,
    env: { PATH: process.env.PATH, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  try {
    await until(() => output.includes(started) || hasEnded(child), `${folder} to print "${started}"`);
  } catch (error) {
    await stop(child);
    throw new Error(`${error}\n${output}`);
  }
  if (hasEnded(child)) throw new Error(`${folder} ended with ${child.exitCode}:\n${output}`);
  return {
    output: () => output,
    address: () => /(?<=listening on )http:\S+/.exec(output)?.[0] ?? "",
    stop: () => stop(child),
  };
}

/** Runs a script of the example's package. */
export function runScript(folder: string, script: string): void {
  execFileSync("npm", ["run", "--silent", script], { cwd: EXAMPLES + folder, stdio: "pipe" });
}

/** Writes the rules to a folder with the checkout on, and another banner; gives the file's path. */
export function writeRules(folder: string, banner = "Open"): string {
  const rules = JSON.parse(readFileSync(RULES, "utf8"));
  rules.flags["banner-text"].variations.welcome = banner;
  rules.flags["new-checkout"].enabled = true;
  const path = join(folder, "rules.json");
  writeFileSync(path, JSON.stringify(rules));
  return path;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (!hasEnded(child)) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }
  return child.exitCode;
}
