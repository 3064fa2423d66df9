// Bundles and minifies the core as an application would, and fails when it no longer fits the budget.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const BUDGET_BYTES = 5 * 1024;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { outputFiles } = await build({
  entryPoints: [join(root, "src/index.ts")],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
});
const code = outputFiles[0].contents;
const size = gzipSync(code, { level: 9 }).length;
console.log(`core: ${size} bytes gzipped of ${BUDGET_BYTES} (${code.length} minified)`);
if (size > BUDGET_BYTES) {
  console.error(`${size - BUDGET_BYTES} bytes over the budget`);
  process.exitCode = 1;
}
