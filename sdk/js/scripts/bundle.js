// The modules for pages without a bundler. Each holds all that it needs, so that a page loads the core in one request;
// what is loaded later is a module of its own next to it, under a name that does not change.
import { join } from "node:path";
import { build } from "esbuild";

/** Each module's source, the end of its name, and what people call it. */
export const PARTS = [
  { title: "core", name: "", source: "src/index.ts" },
  { title: "usage (loaded once values are in)", name: "-usage", source: "src/usage/browser.ts" },
  { title: "fallback (loaded where sockets are blocked)", name: "-sse", source: "src/sse/fallback.ts" },
  { title: "tabs (where an application imports it)", name: "-tabs", source: "src/tabs/index.ts" },
  { title: "devtools (where an application imports it)", name: "-devtools", source: "src/devtools/index.ts" },
];

/** Bundles the parts as `dist/peekaboo….min.js`. */
export function bundle(root, parts, options) {
  const file = ({ name }) => `peekaboo${name}.min`;
  const later = {
    name: "later",
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const source = join(resolveDir, path).replace(/\.js$/, ".ts");
        const part = PARTS.find((each) => join(root, each.source) === source);
        if (!part) throw new Error(`${path} is imported dynamically and has no name in scripts/bundle.js`);
        return { path: `./${file(part)}.js`, external: true };
      });
    },
  };
  return build({
    entryPoints: parts.map((part) => ({ in: join(root, part.source), out: file(part) })),
    outdir: join(root, "dist"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    sourcemap: true,
    plugins: [later],
    ...options,
  });
}
