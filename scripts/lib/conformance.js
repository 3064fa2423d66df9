// The conformance cases are append-only: every SDK of every age answers by them. `sdk/conformance/released.json` holds a
// digest of each, so that a changed or a removed one is noticed.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDERS = ["evaluation", "frames", "reconnect"];

/** Keys sorted, so that only a change of meaning changes a digest. */
function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key])]),
  );
}

const digest = (value) =>
  createHash("sha256")
    .update(JSON.stringify(canonical(value)))
    .digest("hex")
    .slice(0, 16);

/**
 * The parts of one file that may never change: its cases by name, and the flags and segments that they are decided by.
 *
 * @param {string} file
 * @param {Record<string, unknown>} content
 */
export function digests(file, content) {
  const found = {};
  for (const [section, entries] of Object.entries(content)) {
    if (Array.isArray(entries)) {
      for (const entry of entries) found[`${file} ${section} ${entry.name}`] = digest(entry);
    }
  }
  for (const kind of ["flags", "segments"]) {
    for (const [key, value] of Object.entries(content.ruleset?.[kind] ?? {})) {
      found[`${file} ${kind} ${key}`] = digest(value);
    }
  }
  return found;
}

/** All that is in the folder of the cases now. */
export function present(folder) {
  const files = FOLDERS.flatMap((name) =>
    readdirSync(join(folder, name))
      .filter((file) => file.endsWith(".json"))
      .sort()
      .map((file) => `${name}/${file}`),
  );
  return Object.assign(
    {},
    ...files.map((file) => digests(file, JSON.parse(readFileSync(join(folder, file), "utf8")))),
  );
}

/**
 * What is wrong with the cases, in words; nothing where each released one is as it was and each new one is listed.
 *
 * @param {Record<string, string>} released
 * @param {Record<string, string>} found
 */
export function complaints(released, found) {
  const broken = Object.keys(released)
    .filter((name) => found[name] !== released[name])
    .map(
      (name) =>
        `${name}: ${name in found ? "was changed" : "is gone"}, and SDKs in use answer by it: put it back`,
    );
  const unlisted = Object.keys(found)
    .filter((name) => !(name in released))
    .map((name) => `${name}: is new: list it with \`node scripts/release-conformance.js\``);
  return [...broken, ...unlisted];
}
