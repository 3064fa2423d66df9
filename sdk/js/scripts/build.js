// Builds dist/: the modules with their types (tsc), the same for `require`, minified ones for pages without a bundler
// (esbuild), and last the package of it all, which a hub serves.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, PARTS } from "./bundle.js";
import { commonjs } from "./commonjs.js";
import { bundleLater } from "./later.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
await commonjs(root);
await bundleLater(root);
await bundle(root, PARTS);
execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", "dist"], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});
