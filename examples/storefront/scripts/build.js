// Builds dist/: the page as it is, and the built SDK next to it.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sdk = dirname(createRequire(import.meta.url).resolve("@peekaboo/sdk/package.json"));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
for (const name of readdirSync(join(root, "src"))) {
  if (!name.endsWith(".d.ts")) copyFileSync(join(root, "src", name), join(dist, name));
}
// The module that the page loads, and those that it loads later.
for (const name of readdirSync(join(sdk, "dist"))) {
  if (/^peekaboo.*\.min\.js(\.map)?$/.test(name)) copyFileSync(join(sdk, "dist", name), join(dist, name));
}
