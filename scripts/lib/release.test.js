import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";

import { CRATES, containerEngine, releaseVersion } from "./release.js";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "peekaboo-release-"));

after(() => rmSync(folder, { recursive: true }));

test("every file that has the version has the same one, and a release's tag is it", () => {
  const version = releaseVersion(root);
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.equal(releaseVersion(root, `v${version}`), version);
  assert.throws(() => releaseVersion(root, version), /the tag must be v/);
  assert.throws(() => releaseVersion(root, "v99.0.0"), /tag v99.0.0 does not match version/);
});

test("two files that disagree on the version are named", () => {
  const other = join(folder, "disagreeing");
  for (const file of ["Cargo.toml", "sdk/js/package.json", "sdk/js/src/version.ts"]) {
    mkdirSync(join(other, file, ".."), { recursive: true });
    writeFileSync(join(other, file), readFileSync(join(root, file)));
  }
  assert.equal(releaseVersion(other), releaseVersion(root));
  writeFileSync(join(other, "sdk/js/src/version.ts"), 'export const SDK = "js/9.9.9";\n');
  assert.throws(
    () => releaseVersion(other),
    /sdk\/js\/src\/version.ts has version 9.9.9, and Cargo.toml has/,
  );
});

test("the crates that applications use are published, with all that they depend on here, and no others", () => {
  const metadata = JSON.parse(
    execFileSync("cargo", ["metadata", "--format-version=1", "--no-deps", "--offline"], {
      cwd: root,
      maxBuffer: 1e9,
    }),
  );
  const published = metadata.packages.filter(({ publish }) => publish === null || publish.length > 0);
  assert.deepEqual(published.map(({ name }) => name).sort(), [...CRATES].sort());
  const own = new Set(metadata.packages.map(({ name }) => name));
  for (const { name, dependencies } of published) {
    const needed = dependencies.filter((each) => each.kind !== "dev" && own.has(each.name));
    for (const each of needed) {
      assert.ok(CRATES.indexOf(each.name) < CRATES.indexOf(name), `${each.name} is published before ${name}`);
    }
  }
});

test("a release has the binary's archive, the npm package and their checksums", () => {
  const binary = join(folder, "peekaboo");
  writeFileSync(binary, "#!/bin/sh\necho built\n");
  chmodSync(binary, 0o755);
  const out = join(folder, "dist");
  execFileSync("node", ["scripts/dist.js", "--out", out, "--binary", binary, "--parts", "binary,npm"], {
    cwd: root,
  });

  const version = releaseVersion(root);
  const names = readdirSync(out);
  assert.deepEqual(
    names.filter((name) => name.endsWith(".tgz")),
    [`peekaboo-sdk-${version}.tgz`],
  );
  const [archive] = names.filter((name) => name.endsWith(".tar.gz"));
  assert.match(archive, new RegExp(`^peekaboo-${version}-\\w+-.+\\.tar\\.gz$`));
  assert.equal(names.length, 3);

  execFileSync("tar", ["-xzf", archive], { cwd: out });
  const unpacked = join(out, archive.replace(".tar.gz", ""));
  assert.deepEqual(readdirSync(unpacked).sort(), [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "deploy",
    "peekaboo",
  ]);
  assert.equal(execFileSync(join(unpacked, "peekaboo"), { encoding: "utf8" }), "built\n");
  const sums = readFileSync(join(out, "SHA256SUMS"), "utf8");
  assert.deepEqual(sums.match(/(?<= {2})\S+/g), [archive, `peekaboo-sdk-${version}.tgz`].sort());
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
});

test("a part that does not exist is refused with those that do", () => {
  assert.throws(
    () =>
      execFileSync("node", ["scripts/dist.js", "--out", join(folder, "none"), "--parts", "wheel"], {
        cwd: root,
        stdio: "pipe",
      }),
    /unknown part `wheel`: use binary, npm, crates, image/,
  );
});

test("a container engine counts only where it runs", () => {
  assert.equal(containerEngine(["peekaboo-no-such-engine", "false"]), undefined);
  assert.equal(containerEngine(["peekaboo-no-such-engine", "true"]), "true");
});
