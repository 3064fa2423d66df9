import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createServerClient } from "../../src/node/index.js";
import { parseRuleset } from "../../src/node/parse.js";
import type { ClientError } from "../../src/types.js";
import { temporaryDirectory, until } from "../support/binary.js";
import { rules } from "../support/server.js";

const directory = temporaryDirectory();
const path = join(directory.path, "rules.json");
const clients: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  directory.remove();
});

/** As deployments and editors do it: another file instead of the old one. */
function put(text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

test("rules come from a file and follow it, and damage leaves the last ones in place", async () => {
  const client = createServerClient({ file: path });
  clients.push(client);
  const errors: ClientError[] = [];
  client.on("error", (error) => errors.push(error));
  await until(() => errors.length === 1, "the missing file to be reported");
  expect(errors[0]).toMatchObject({ code: "file", temporary: true });

  put(JSON.stringify({ version: 1, flags: { size: rules(1) } }));
  expect(await client.ready(20_000)).toBe(true);
  expect(client.number("size", 0)).toBe(1);
  expect(client.status).toBe("offline");

  put("{");
  await until(() => errors.length === 2, "the damage to be reported");
  expect(client.number("size", 0)).toBe(1);

  const changed = new Promise((resolve) => client.on("change:size", resolve));
  put(JSON.stringify({ version: 2, flags: { size: rules(2) } }));
  expect(await changed).toEqual({ key: "size", version: 2, committedAt: null });
  expect(client.number("size", 0)).toBe(2);
}, 60_000);

test("a file that nests without end is refused", () => {
  expect(() => parseRuleset(`${'{"x":'.repeat(129)}1${"}".repeat(129)}`)).toThrow("at most 128 deep");
  expect(parseRuleset(`${'{"x":'.repeat(128)}1${"}".repeat(128)}`).version).toBe(0);
});

test("a byte order mark before the rules is passed over", () => {
  expect(() => parseRuleset('\uFEFF{"flags": {}, "segments": {}}')).not.toThrow();
});
