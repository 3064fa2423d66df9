// Builds what a release consists of, into dist/: the binary's archive, the npm package, the crates, an image where a
// container engine is present, and the checksums of them all. Called by `make dist`, which has built the web parts.
//
// Usage: node scripts/dist.js [--out FOLDER] [--profile PROFILE] [--binary FILE] [--parts binary,npm,crates,image]

import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import {
  archive,
  CRATES,
  collect,
  containerEngine,
  emptyFolder,
  releaseVersion,
  writeChecksums,
} from "./lib/release.js";
import { heading } from "./lib/shell.js";

const root = resolve(import.meta.dirname, "..");
const targetFolder = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");

const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: join(root, "dist") },
    // Cargo's profile; every release is built with `release`.
    profile: { type: "string", default: "release" },
    // A binary that is built already.
    binary: { type: "string" },
    parts: { type: "string", default: "binary,npm,crates,image" },
    // The tag that is released: the version must be the tag's.
    tag: { type: "string" },
  },
});
const out = resolve(options.out);
const version = releaseVersion(root, options.tag);

/** Runs a command at the root, and shows what it prints. */
function run(command, ...args) {
  execFileSync(command, args, { cwd: root, stdio: "inherit" });
}

function hostTarget() {
  const about = execFileSync("rustc", ["-vV"], { encoding: "utf8" });
  return /^host: (\S+)$/m.exec(about)?.[1] ?? "unknown";
}

function buildBinary() {
  if (options.binary !== undefined) return resolve(options.binary);
  run("cargo", "build", "--locked", "--profile", options.profile, "--package", "peekaboo-hub");
  return join(targetFolder, options.profile === "dev" ? "debug" : options.profile, "peekaboo");
}

const parts = {
  binary() {
    archive({ root, binary: buildBinary(), out, version, target: hostTarget() });
  },
  npm() {
    collect(join(root, `sdk/js/dist/peekaboo-sdk-${version}.tgz`), out);
  },
  crates() {
    // Each is built from its package alone, and those that depend on each other from each other's.
    const packages = CRATES.flatMap((crate) => ["--package", crate]);
    run("cargo", "package", "--locked", "--allow-dirty", ...packages);
    for (const crate of CRATES) collect(join(targetFolder, "package", `${crate}-${version}.crate`), out);
  },
  image() {
    const engine = containerEngine();
    if (engine === undefined) {
      console.log("no container engine is running: no image");
      return;
    }
    const image = `peekaboo:${version}`;
    run(engine, "build", "--tag", image, ".");
    run(engine, "save", "--output", join(out, `peekaboo-${version}-image.tar`), image);
  },
};

emptyFolder(out);
for (const name of options.parts.split(",")) {
  const part = parts[name];
  if (part === undefined) throw new Error(`unknown part \`${name}\`: use ${Object.keys(parts).join(", ")}`);
  heading(name);
  part();
}
writeChecksums(out);
console.log(`\n${out}:`);
run("cat", join(out, "SHA256SUMS"));
