// Builds dist/: the modules with their types (tsc), and one minified module for pages without a bundler (esbuild).
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
await build({
  entryPoints: [join(root, "src/index.ts")],
  outfile: join(root, "dist/peekaboo.min.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  sourcemap: true,
});
