// Measures what the SDK adds to an application: gzipped, minified, bundled by esbuild and by Rollup from the package as it is
// published, with a chunk for each part that is loaded later. Fails when the part that a page loads first no longer fits
// its budget, when the hooks of React add more than theirs, or when README.md claims less than was measured.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { rollup } from "rollup";
import { PARTS } from "./bundle.js";

const ENTRY_BUDGET_BYTES = 5 * 1024;
/** What hooks and components may add to the client that they read from. */
const REACT_BUDGET_BYTES = 1024;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const PACKAGE = { "@peekaboo/sdk": "dist/index.js", "@peekaboo/sdk/react": "dist/react/index.js" };

const PAGE = `import { createClient } from "@peekaboo/sdk";\nglobalThis.flags = createClient(globalThis.options);\n`;
const REACT_PAGE = `${PAGE}export * from "@peekaboo/sdk/react";\n`;

const sizeOf = (code) => gzipSync(code, { level: 9 }).length;

/** Where the application's imports of the package lead. */
const inPackage = (name) => PACKAGE[name] && join(root, PACKAGE[name]);

/** @returns The chunks, each with its code and the names of those that it imports at once. */
async function byEsbuild(code) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root, sourcefile: "page.js" },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    outdir: join(root, "page"),
    external: ["react"],
    metafile: true,
    write: false,
    alias: Object.fromEntries(Object.keys(PACKAGE).map((name) => [name, inPackage(name)])),
    logLevel: "error",
  });
  const chunks = Object.values(metafile.outputs);
  return outputFiles.map(({ path, text }, index) => {
    const { entryPoint, imports } = chunks[index];
    return {
      name: path,
      code: text,
      module: entryPoint,
      imports: imports
        .filter(({ kind, external }) => kind === "import-statement" && !external)
        .map(({ path: chunk }) => join(process.cwd(), chunk)),
    };
  });
}

async function byRollup(code) {
  const bundle = await rollup({
    input: "page.js",
    external: ["react"],
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id === "page.js" ? id : inPackage(id)),
        load: (id) => (id === "page.js" ? code : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: "es" });
  return Promise.all(
    output.map(async ({ fileName, code: chunk, facadeModuleId, imports }) => ({
      name: fileName,
      // Rollup leaves this to a plugin.
      code: (await transform(chunk, { minify: true, format: "esm", target: "es2022" })).code,
      module: facadeModuleId,
      imports,
    })),
  );
}

/** What a page loads before its code runs, once it has values, and where sockets are blocked. */
async function measure(bundler, code) {
  const chunks = await bundler(code);
  const loaded = new Set();
  const load = (chunk) => {
    if (chunk === undefined || loaded.has(chunk)) return 0;
    loaded.add(chunk);
    const imported = chunk.imports.map((name) => load(chunks.find((each) => each.name === name)));
    return sizeOf(chunk.code) + imported.reduce((total, size) => total + size, 0);
  };
  const module = (path) => load(chunks.find((chunk) => chunk.module?.endsWith(path)));
  return {
    first: module("page.js"),
    usage: module("dist/usage/browser.js"),
    fallback: module("dist/sse/fallback.js") + module("dist/sse/tabs.js"),
  };
}

function complain(message) {
  console.error(message);
  process.exitCode = 1;
}

const most = { first: 0, usage: 0, fallback: 0 };
for (const [name, bundler] of Object.entries({ esbuild: byEsbuild, Rollup: byRollup })) {
  const page = await measure(bundler, PAGE);
  const react = await measure(bundler, REACT_PAGE);
  const more = react.first - page.first;
  console.log(
    `${name}: ${page.first} bytes gzipped at first, ${page.usage} once values are in, ` +
      `${page.fallback} where sockets are blocked; React ${more} more`,
  );
  if (page.first > ENTRY_BUDGET_BYTES) complain(`${page.first - ENTRY_BUDGET_BYTES} bytes over the budget`);
  if (more > REACT_BUDGET_BYTES) complain(`React: ${more - REACT_BUDGET_BYTES} bytes over the budget`);
  for (const part of Object.keys(most)) most[part] = Math.max(most[part], page[part]);
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const claim =
  `it adds ${kilobytes(most.first)} to a page's first load, ${kilobytes(most.usage)} once values have arrived, ` +
  `and ${kilobytes(most.fallback)} if sockets are blocked`;
if (!readFileSync(join(root, "README.md"), "utf8").replaceAll("\n", " ").includes(claim)) {
  complain(`README.md must say what was measured: "${claim}"`);
}

// The modules that a hub serves, for pages without a bundler.
for (const { name, title } of PARTS) {
  console.log(
    `peekaboo${name}.min.js, ${title}: ${sizeOf(readFileSync(join(root, `dist/peekaboo${name}.min.js`)))}`,
  );
}
