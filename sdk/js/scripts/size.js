// Bundles and minifies each entry as an application would, what it loads later left out, and fails when the core no
// longer fits its budget, nor React's part the little more that it may take.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle, PARTS } from "./bundle.js";

const CORE_BUDGET_BYTES = 5 * 1024;
/** What hooks and components may add to the core that they read from. */
const REACT_BUDGET_BYTES = 1024;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

async function measure(part, options) {
  const { outputFiles } = await bundle(root, [part], { write: false, ...options });
  const code = outputFiles.find(({ path }) => path.endsWith(".js")).contents;
  return { code, size: gzipSync(code, { level: 9 }).length };
}

for (const part of PARTS) {
  const { code, size } = await measure(part);
  const budget = part.name === "" ? ` of ${CORE_BUDGET_BYTES}` : "";
  console.log(`${part.title}: ${size} bytes gzipped${budget} (${code.length} minified)`);
  if (budget && size > CORE_BUDGET_BYTES) {
    console.error(`${size - CORE_BUDGET_BYTES} bytes over the budget`);
    process.exitCode = 1;
  }
}

// One bundle of both, as an application has them, React itself left out.
const [core] = PARTS;
const both = {
  contents: `export { createClient } from "./src/index.js"; export * from "./src/react/index.js";`,
  resolveDir: root,
  sourcefile: "core-and-react.js",
};
const alone = await measure(core);
const together = await measure(core, { entryPoints: undefined, stdin: both, external: ["react"] });
const more = together.size - alone.size;
console.log(`react: ${more} bytes gzipped more than the core of ${REACT_BUDGET_BYTES}`);
if (more > REACT_BUDGET_BYTES) {
  console.error(`${more - REACT_BUDGET_BYTES} bytes over the budget`);
  process.exitCode = 1;
}
