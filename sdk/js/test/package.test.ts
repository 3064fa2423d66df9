import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as entry from "../src/index.js";
import { SDK } from "../src/version.js";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

test("the SDK names its version to the hub as the package has it", () => {
  expect(SDK).toBe(`js/${manifest.version}`);
});

test("there are no runtime dependencies", () => {
  expect(manifest.dependencies).toBeUndefined();
  for (const peer of Object.keys(manifest.peerDependencies)) {
    expect(manifest.peerDependenciesMeta[peer]).toEqual({ optional: true });
  }
});

test("the entry exports one factory", () => {
  expect(Object.keys(entry)).toEqual(["createClient"]);
});

test("every document installs the package of this version", () => {
  const root = new URL("../../../", import.meta.url);
  const guides = readdirSync(new URL("docs/sdk/", root)).map((name) => `docs/sdk/${name}`);
  const named = ["README.md", ...guides].flatMap((name) =>
    [...readFileSync(new URL(name, root), "utf8").matchAll(/peekaboo-sdk-(\d[^/`\s]*)\.tgz/g)].map(
      ([, version]) => version,
    ),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(new Set(named)).toEqual(new Set([manifest.version]));
});

test("every entry has one form for `import`, one for `require`, and types for older compilers", () => {
  const { "./package.json": _, ...entries } = manifest.exports;
  for (const [entry, { require, default: modules }] of Object.entries<Record<string, Record<string, string>>>(
    entries,
  )) {
    expect(modules?.default).toMatch(/^\.\/dist\/(?!cjs).+\.js$/);
    expect(modules?.types).toBe(modules?.default?.replace(/\.js$/, ".d.ts"));
    expect(require?.default).toBe(modules?.default?.replace("./dist/", "./dist/cjs/"));
    expect(require?.types).toBe(modules?.types?.replace("./dist/", "./dist/cjs/"));
    const older = entry === "." ? manifest.types : manifest.typesVersions["*"][entry.slice(2)]?.[0];
    expect(older).toBe(require?.types);
  }
});
