// Runs examples/node, which docs/sdk/node.md shows.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { temporaryDirectory, until } from "../support/binary.js";
import { rules } from "../support/server.js";

const source = fileURLToPath(new URL("../../../../examples/node/index.js", import.meta.url));
const directory = temporaryDirectory();
afterAll(directory.remove);

test("the guide shows the example as it is", () => {
  const guide = readFileSync(new URL("../../../../docs/sdk/node.md", import.meta.url), "utf8");
  expect(guide).toContain(`\`\`\`js\n${readFileSync(source, "utf8")}\`\`\``);
});

test("the example decides by flags, and ends when it is told to", { timeout: 60_000 }, async () => {
  const outfile = join(directory.path, "example.mjs");
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["ws"],
    alias: { "@peekaboo/sdk/node": fileURLToPath(new URL("../../src/node/index.ts", import.meta.url)) },
  });
  const rulesFile = join(directory.path, "rules.json");
  writeFileSync(rulesFile, JSON.stringify({ flags: { "new-checkout": rules(true) } }));
  const child = spawn(process.execPath, [outfile], {
    env: { ...process.env, PEEKABOO_FILE: rulesFile, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await until(() => output.includes("listening on ") || child.exitCode !== null, "the example to listen");
  const [address] = /http:\S+/.exec(output) ?? [];
  const response = await fetch(`${address}/?user=user-1`);
  expect(await response.json()).toMatchObject({ value: true, variation: "v", reason: "STATIC" });
  child.kill("SIGTERM");
  await ended;
  expect(output).toContain("changed: new-checkout");
});
