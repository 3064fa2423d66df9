// Builds dist/: the page as it is, and the built SDK in a folder next to it. Serve it with whatever serves files.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sdk = join(dirname(createRequire(import.meta.url).resolve("@peekaboo/sdk/package.json")), "dist");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "sdk"), { recursive: true });
for (const name of ["index.html", "app.js"]) copyFileSync(join(root, "src", name), join(dist, name));
for (const name of readdirSync(sdk)) {
  if (/^peekaboo.*\.min\.js(\.map)?$/.test(name)) copyFileSync(join(sdk, name), join(dist, "sdk", name));
}
