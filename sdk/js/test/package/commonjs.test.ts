// Programs that are not ES modules: Node's `require`, Jest 29, and TypeScript's older ways to resolve a module.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Application } from "../support/application.js";
import { createApplication, ENTRIES, PACKAGE } from "../support/application.js";

/** How long a compiler or a test runner may take on a busy machine. */
const TOOL_MS = 240_000;

const { resolve } = createRequire(import.meta.url);
const JEST = join(dirname(resolve("jest/package.json")), "bin/jest.js");
const TSC = join(dirname(resolve("typescript-5/package.json")), "bin/tsc");
const CONSUMER = readFileSync(join(import.meta.dirname, "consumer.ts.txt"), "utf8");

let app: Application;

beforeAll(() => {
  app = createApplication({});
  app.npm("install", "--offline", PACKAGE);
  for (const peer of ["react", "ws", "@types/react", "csstype"]) app.link(peer);
  for (const sdk of ["core", "server-sdk", "web-sdk"]) app.link(`@openfeature/${sdk}`);
});

afterAll(() => app.remove());

test("every entry can be required", () => {
  app.write(
    "require.js",
    `for (const entry of ${JSON.stringify(ENTRIES)}) {
  const found = require("@peekaboo/sdk" + entry.slice(1));
  console.log(entry, Object.keys(found).join(" "));
}
`,
  );
  expect(app.node("require.js").trim().split("\n")).toEqual([
    ". createClient",
    "./tabs shareTabs",
    "./devtools openDevtools",
    "./react Flag PeekabooProvider useFlag useFlagDetail useFlags usePeekaboo",
    "./react-native appStatePage",
    "./node createServerClient",
    "./worker createWorkerClient",
    "./openfeature-web PeekabooWebProvider",
    "./openfeature-server PeekabooServerProvider",
    "./testing createTestClient createTestServerClient",
  ]);
});

test("parts that are loaded later are required too, since Jest has no `import()`", () => {
  const folder = join(app.path, "node_modules/@peekaboo/sdk/dist/cjs");
  const modules = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const code = modules
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  expect(code.length).toBeGreaterThan(50);
  expect(code.filter((each) => /\bimport\(/.test(each))).toEqual([]);
});

test(
  "Jest 29 runs tests that read flags",
  () => {
    app.write(
      "shop.test.js",
      `const { createClient } = require("@peekaboo/sdk");
const { createTestClient } = require("@peekaboo/sdk/testing");

test("the checkout follows its flag", () => {
  const flags = createTestClient({ "new-checkout": false });
  expect(flags.bool("new-checkout", true)).toBe(false);
  flags.set("new-checkout", true);
  expect(flags.bool("new-checkout", false)).toBe(true);
  expect(flags.reads("new-checkout")).toHaveLength(2);
});

test("a client of its own", async () => {
  const flags = createClient({ key: "pbc_x", url: "ws://127.0.0.1:1", WebSocket: class { close() {} }, bootstrap: { a: 1 } });
  expect(await flags.ready(10)).toBe(true);
  flags.close();
});
`,
    );
    app.node(JEST, "--rootDir", app.path, "--watchman=false", "--ci");
  },
  TOOL_MS,
);

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  jsx: "react-jsx",
  target: "ES2022",
  lib: ["ES2022", "DOM"],
  types: [],
};

test.each([
  ["node10", { module: "commonjs", moduleResolution: "node10" }, ["consumer.ts"]],
  ["node16", { module: "node16", moduleResolution: "node16" }, ["consumer.cts", "consumer.mts"]],
])(
  "TypeScript 5 with `moduleResolution` %s compiles a program that uses every entry",
  (_, options, files) => {
    for (const file of files) app.write(file, CONSUMER);
    app.write("tsconfig.json", { compilerOptions: { ...strict, ...options }, files });
    app.node(TSC, "-p", ".");
  },
  TOOL_MS,
);
