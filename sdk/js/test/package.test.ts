import { readFileSync } from "node:fs";
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
