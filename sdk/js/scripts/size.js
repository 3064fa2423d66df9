// Bundles and minifies each entry as an application would, what it loads later left out, and fails when the core no
// longer fits its budget.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle, PARTS } from "./bundle.js";

const CORE_BUDGET_BYTES = 5 * 1024;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
for (const part of PARTS) {
  const { outputFiles } = await bundle(root, [part], { write: false });
  const code = outputFiles.find(({ path }) => path.endsWith(".js")).contents;
  const size = gzipSync(code, { level: 9 }).length;
  const budget = part.name === "" ? ` of ${CORE_BUDGET_BYTES}` : "";
  console.log(`${part.title}: ${size} bytes gzipped${budget} (${code.length} minified)`);
  if (budget && size > CORE_BUDGET_BYTES) {
    console.error(`${size - CORE_BUDGET_BYTES} bytes over the budget`);
    process.exitCode = 1;
  }
}
