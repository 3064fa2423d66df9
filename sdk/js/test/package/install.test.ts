// The package as a hub serves it, installed by npm: `PEEKABOO_BIN`, else the debug build.
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Application } from "../support/application.js";
import { createApplication, PACKAGE, PACKAGE_FILE } from "../support/application.js";
import { demoHub } from "../support/binary.js";

const hub = demoHub();
const applications: Application[] = [];

afterEach(() => {
  for (const application of applications.splice(0)) application.remove();
});

function application(): Application {
  const made = createApplication({ type: "module" });
  applications.push(made);
  made.write(
    "page.js",
    `import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { PeekabooProvider, useFlag } from "@peekaboo/sdk/react";
const Page = () => createElement("h1", null, useFlag("banner-text", "nothing"));
const bootstrap = { "banner-text": "Welcome" };
console.log(renderToString(createElement(PeekabooProvider, { bootstrap }, createElement(Page))));
`,
  );
  return made;
}

/** The package is a folder of the application's, its components render, and there is one React. */
function expectWhole(application: Application): void {
  expect(lstatSync(join(application.path, "node_modules/@peekaboo/sdk")).isSymbolicLink()).toBe(false);
  expect(application.installed("react")).toEqual(["node_modules/react"]);
  expect(application.node("page.js")).toBe("<h1>Welcome</h1>\n");
}

test("npm installs the package from a hub, and keeps it through the next install and `npm ci`", () => {
  const app = application();
  const react = ["react", "react-dom", "scheduler"].map((name) => app.pack(name));
  app.npm("install", ...react, `${hub.ready.sdk}/sdk/v1/js/${PACKAGE_FILE}`);
  expectWhole(app);
  app.npm("install", app.pack("ws"));
  expectWhole(app);
  app.npm("ci");
  expectWhole(app);
});

test("a downloaded package that the application keeps needs no hub", async () => {
  const app = application();
  const react = ["react", "react-dom", "scheduler"].map((name) => app.pack(name));
  const response = await fetch(`${hub.ready.sdk}/sdk/v1/js/${PACKAGE_FILE}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.equals(readFileSync(PACKAGE))).toBe(true);
  app.npm("install", "--offline", ...react, PACKAGE);
  app.npm("ci", "--offline");
  expectWhole(app);
});

test("a version that the hub does not have is not found", async () => {
  const response = await fetch(`${hub.ready.sdk}/sdk/v1/js/peekaboo-sdk-0.0.0.tgz`);
  expect(response.status).toBe(404);
});
