// What a release consists of: its version, which several files have, and its files with their checksums.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** The crates that applications depend on, in the order in which they are published. */
export const CRATES = ["peekaboo-flags", "peekaboo-protocol", "peekaboo-sdk"];

/** What the archive of the binary holds next to it. */
const BESIDE = ["README.md", "LICENSE", "CHANGELOG.md", "deploy"];

/** Where each version stands, so that none is forgotten when a release is prepared. */
const PLACES = [
  { file: "Cargo.toml", pattern: /^\[workspace\.package\]\nversion = "([^"]+)"/m },
  ...[...CRATES, "peekaboo-hub"].map((crate) => ({
    file: "Cargo.toml",
    pattern: new RegExp(`^${crate} = \\{ path = "[^"]+", version = "([^"]+)"`, "m"),
  })),
  { file: "sdk/js/package.json", pattern: /^ {2}"version": "([^"]+)"/m },
  { file: "sdk/js/src/version.ts", pattern: /"js\/([^"]+)"/ },
];

/**
 * The version that is released.
 *
 * @param {string} root
 * @param {string} [tag] As `v1.2.3`: the version must be the tag's.
 * @throws {Error} Where two places disagree, or one has none.
 */
export function releaseVersion(root, tag) {
  const [first, ...others] = PLACES.map(({ file, pattern }) => ({
    file,
    version: pattern.exec(readFileSync(join(root, file), "utf8"))?.[1],
  }));
  for (const { file, version } of others) {
    if (version !== first.version) {
      throw new Error(`${file} has version ${version}, and ${first.file} has ${first.version}`);
    }
  }
  if (tag !== undefined && tag !== `v${first.version}`) {
    throw new Error(`tag ${tag} does not match version ${first.version}: the tag must be v${first.version}`);
  }
  return first.version;
}

/**
 * Packs the binary with what an operator needs to install it.
 *
 * @param {{ root: string, binary: string, out: string, version: string, target: string }} options
 * @returns {string} The archive's name.
 */
export function archive({ root, binary, out, version, target }) {
  const name = `peekaboo-${version}-${target}`;
  const staging = mkdtempSync(join(tmpdir(), "peekaboo-dist-"));
  try {
    const folder = join(staging, name);
    mkdirSync(folder);
    copyFileSync(binary, join(folder, "peekaboo"));
    chmodSync(join(folder, "peekaboo"), 0o755);
    for (const each of BESIDE) cpSync(join(root, each), join(folder, each), { recursive: true });
    execFileSync("tar", ["-czf", join(out, `${name}.tar.gz`), "-C", staging, name]);
  } finally {
    rmSync(staging, { recursive: true });
  }
  return `${name}.tar.gz`;
}

/**
 * Writes `SHA256SUMS` of every file in the folder, as `sha256sum --check` reads it.
 *
 * @param {string} out
 */
export function writeChecksums(out) {
  const names = readdirSync(out)
    .filter((name) => name !== "SHA256SUMS")
    .sort();
  const lines = names.map((name) => {
    const digest = createHash("sha256")
      .update(readFileSync(join(out, name)))
      .digest("hex");
    return `${digest}  ${name}\n`;
  });
  writeFileSync(join(out, "SHA256SUMS"), lines.join(""));
}

/**
 * The container engine that is present and works; undefined if there is none.
 *
 * @param {readonly string[]} [candidates]
 */
export function containerEngine(candidates = ["docker", "podman"]) {
  return candidates.find((engine) => {
    try {
      // The client answers without its server; the server's version needs both.
      execFileSync(engine, ["version", "--format", "{{.Server.Version}}"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Copies a file into the folder under its own name.
 *
 * @param {string} file
 * @param {string} out
 */
export function collect(file, out) {
  mkdirSync(out, { recursive: true });
  copyFileSync(file, join(out, basename(file)));
}

/** @param {string} path */
export function emptyFolder(path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path);
}
