// What `peekaboo import` makes of an export, and what its flags serve by the SDK's engine.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "../../../../sdk/js/src/engine/evaluate.js";
import { loadRuleset } from "../../../../sdk/js/src/engine/ruleset.js";
import type { Context } from "../../../../sdk/js/src/types.js";
import { BINARY } from "../../../../sdk/js/test/support/binary.js";

/** Where an export comes from. */
export type Format = "unleash" | "launchdarkly" | "flagd" | "growthbook";

interface Report {
  readonly notes: readonly { readonly key: string; readonly message: string }[];
  readonly omissions: readonly { readonly key: string; readonly reason: string }[];
  readonly remarks: readonly string[];
}

/** An export that was imported. */
export interface Imported {
  readonly report: Report;
  /** Whether a flag was brought. */
  has(flag: string): boolean;
  /** What it serves; null where it leaves the value to the caller. */
  value(flag: string, context: Context): unknown;
  /** Whether the report says that it may differ. */
  differs(flag: string): boolean;
}

/** Imports an export by the real binary. */
export function importExport(format: Format, exported: unknown): Imported {
  const directory = mkdtempSync(join(tmpdir(), "peekaboo-import-"));
  try {
    const [file, out] = [join(directory, "export.json"), join(directory, "flags.json")];
    writeFileSync(file, JSON.stringify(exported));
    const call = (...flags: string[]): string =>
      execFileSync(BINARY, ["import", format, file, ...flags], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
    const report = JSON.parse(call("--dry-run", "--json")) as Report;
    call("--out", out);
    const ruleset = loadRuleset(JSON.parse(readFileSync(out, "utf8")));
    const differing = new Set(report.notes.map(({ key }) => key));
    return {
      report,
      has: (flag) => evaluate(ruleset, flag, {}).errorCode !== "FLAG_NOT_FOUND",
      value: (flag, context) => evaluate(ruleset, flag, context).value,
      differs: (flag) => differing.has(flag) || report.remarks.length > 0,
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
