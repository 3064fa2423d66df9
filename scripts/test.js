// Runs every test: Rust (each storage test on both databases), TypeScript, and the browser's. Goes on after a failure,
// so that one run shows them all, and ends with the total.
//
// Called by `make test`.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { heading, run } from "./lib/shell.js";
import {
  failed,
  readCargo,
  readJunit,
  readNode,
  readPlaywright,
  readVitest,
  summarize,
} from "./lib/tally.js";

const root = resolve(import.meta.dirname, "..");
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const binary = join(target, "debug", "peekaboo");
const reports = mkdtempSync(join(tmpdir(), "peekaboo-tests-"));

/** What the browser's tests drive. Not a test, but its failure is one. */
async function build() {
  const { code } = await run("make", ["--no-print-directory", "web"], { cwd: root });
  return code === 0 ? { passed: 0, failed: 0, skipped: 0 } : failed("the web parts cannot be built");
}

/** The Rust tests; the browser's and the SDK's drive the binary that these build. */
async function rust() {
  const { code, output } = await run("scripts/postgres", ["cargo", "test", "--workspace", "--no-fail-fast"], {
    cwd: root,
  });
  return readCargo(output, code);
}

/** OFREP from outside, in Rust. */
async function provider() {
  const manifest = "hub/tests/providers/rust/Cargo.toml";
  const { code, output } = await run(
    "cargo",
    ["test", "--locked", "--no-fail-fast", "--manifest-path", manifest, "--target-dir", target],
    { cwd: root, env: { PEEKABOO_BIN: binary } },
  );
  return readCargo(output, code);
}

/** Statistics beside other implementations, on fresh cases; a failure names the seed that makes them again. */
async function statistics() {
  const cases = join(reports, "statistics");
  const seed = String(Date.now());
  process.stdout.write(`seed ${seed}\n`);
  const { code: made } = await run(
    "scripts/python",
    [
      ...["stats/oracles/requirements.txt", "-W", "ignore", "stats/oracles/generate.py"],
      ...["--seed", seed, "--out", cases],
    ],
    { cwd: root, env: { PIP_NO_DEPS: "1", PYTHONDONTWRITEBYTECODE: "1" } },
  );
  if (made !== 0) return failed("the cases cannot be made");
  const { code, output } = await run("cargo", ["test", "--workspace", "--test", "oracles"], {
    cwd: root,
    env: { PEEKABOO_STATS_CASES: cases },
  });
  return readCargo(output, code);
}

/** @param {string} folder */
async function vitest(folder) {
  const report = join(reports, `${folder.replace("/", "-")}.json`);
  const { code } = await run(
    "npx",
    ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    { cwd: join(root, folder), env: { PEEKABOO_BIN: binary } },
  );
  return readVitest(readFileSync(report, "utf8"), code);
}

/** OFREP from outside, in Python. */
async function python() {
  const report = join(reports, "python.xml");
  const { code } = await run(
    "scripts/python",
    [
      ...["hub/tests/providers/requirements.txt", "-m", "pytest", "-p", "no:cacheprovider", "--quiet"],
      ...[`--junit-xml=${report}`, "hub/tests/providers"],
    ],
    { cwd: root, env: { PEEKABOO_BIN: binary, PYTHONDONTWRITEBYTECODE: "1" } },
  );
  return readJunit(readFileSync(report, "utf8"), code);
}

async function browser() {
  const report = join(reports, "browser.json");
  await run("scripts/install-chromium", [], { cwd: root });
  const { code } = await run(
    "npx",
    ["playwright", "test", "-c", "e2e/playwright.config.ts", "--reporter=list,json"],
    {
      cwd: join(root, "ui"),
      env: { PEEKABOO_BIN: binary, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    },
  );
  return readPlaywright(readFileSync(report, "utf8"), code);
}

async function scripts() {
  const tests = ["tally", "conformance", "release"].map((name) => `scripts/lib/${name}.test.js`);
  const { code, output } = await run("node", ["--test", "--test-reporter=tap", ...tests], { cwd: root });
  return readNode(output, code);
}

const runners = [
  ["Web build", build],
  ["Rust", rust],
  ["OFREP in Rust", provider],
  ["Statistics", statistics],
  ["JavaScript SDK", () => vitest("sdk/js")],
  ["Imports", () => vitest("migrate/oracles")],
  ["Dashboard", () => vitest("ui")],
  ["OFREP in Python", python],
  ["Browser", browser],
  ["Scripts", scripts],
];

const results = [];
for (const [name, start] of runners) {
  heading(name);
  const began = performance.now();
  let tally;
  try {
    tally = await start();
  } catch (error) {
    tally = failed(`its report cannot be read: ${error.message}`);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  results.push({ name: `${name} (${seconds} s)`, tally });
}
rmSync(reports, { recursive: true, force: true });

heading("Total");
const { table, last, ok } = summarize(results);
process.stdout.write(`${table}\n\n${last}\n`);
process.exitCode = ok ? 0 : 1;
