/**
 * The last rules of a hub, kept in a file: what a server starts from while the hub is away. The file is replaced whole,
 * so that no crash leaves half of one, and it names its key and its own digest, so that what belongs to another
 * environment or is damaged is never evaluated by. The Rust SDK reads and writes the same form:
 *
 *     {"format":"peekaboo-rules-1","key":"<SHA-256 of the key>","digest":"<SHA-256 of the next line>"}
 *     {"epoch":"…","version":42,"flags":{…},"segments":{…}}
 */

import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Ruleset } from "../engine/ruleset.js";
import { nothing } from "../json.js";
import type { Clock } from "../types.js";
import { parseRuleset } from "./parse.js";

/** Names the form of the file. */
const FORMAT = "peekaboo-rules-1";

/** How long changes are gathered before they are written. */
const SAVE_DELAY_MS = 1_000;

export interface KeptRulesOptions {
  readonly path: string;
  /** The server key that the rules are for. */
  readonly key: string;
  readonly clock: Clock;
  /** The file cannot be used or written; the client goes on without it. */
  failed(message: string): void;
}

export interface KeptRules {
  /** The rules that were kept; null where there are none that can be used. */
  load(): Ruleset | null;
  /** Keeps these rules, soon. */
  keep(ruleset: Ruleset): void;
  /** Writes what is waiting to be written, and nothing from then on. */
  close(): Promise<void>;
}

export function createKeptRules({ path, key, clock, failed }: KeptRulesOptions): KeptRules {
  const absolute = resolve(path);
  const owner = sha256(key);
  let waiting: Ruleset | null = null;
  let cancel = (): void => undefined;
  let writing = Promise.resolve();
  let closed = false;

  function load(): Ruleset | null {
    let text: string;
    try {
      text = readFileSync(absolute, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        failed(`cannot read ${path}: ${messageOf(error)}`);
      return null;
    }
    try {
      return parse(text, owner);
    } catch (error) {
      failed(`ignoring ${path}: ${messageOf(error)}`);
      return null;
    }
  }

  function keep(ruleset: Ruleset): void {
    if (closed) return;
    if (!waiting) cancel = clock.after(SAVE_DELAY_MS, flush);
    waiting = ruleset;
  }

  function flush(): void {
    const ruleset = waiting;
    waiting = null;
    cancel();
    // One at a time, in order.
    if (ruleset) writing = writing.then(() => write(absolute, format(ruleset, owner))).catch(fail);
  }

  function fail(error: unknown): void {
    failed(`cannot write ${path}: ${messageOf(error)}`);
  }

  return {
    load,
    keep,
    async close() {
      closed = true;
      flush();
      await writing;
    },
  };
}

function format(ruleset: Ruleset, key: string): string {
  const { epoch, version } = ruleset;
  const written = (entries: Ruleset["flags"] | Ruleset["segments"]) =>
    Object.fromEntries([...entries].map(([name, { json }]) => [name, json]));
  const rules = JSON.stringify({
    epoch,
    version,
    flags: written(ruleset.flags),
    segments: written(ruleset.segments),
  });
  return `${JSON.stringify({ format: FORMAT, key, digest: sha256(rules) })}\n${rules}\n`;
}

/** @throws an error that says why the text is not what was kept for this key. */
function parse(text: string, key: string): Ruleset {
  const [head = "", rules = ""] = text.split("\n");
  const header = JSON.parse(head) as { format?: unknown; key?: unknown; digest?: unknown };
  if (header.format !== FORMAT) throw new Error("not a file of kept rules");
  if (header.key !== key) throw new Error("the rules are for another key");
  if (header.digest !== sha256(rules))
    throw new Error("the file is damaged: the rules do not match their digest");
  return parseRuleset(rules);
}

/** Replaces the file at once: readers find the old one or the new one. */
async function write(path: string, text: string): Promise<void> {
  // Others may share the path.
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  // Where it is there already, or cannot be made, opening the file tells.
  await mkdir(dirname(path)).catch(nothing);
  try {
    // Rules may name customers: they are no one else's to read.
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
