// The parts that a page loads later, each as one module with all that it needs. Bundlers cut a chunk of their own out of
// what the core and a later part share, and every page would load that chunk first.
import { join } from "node:path";
import { build } from "esbuild";

/** Each part's source and its place in `dist`. The fallback has tabs of its own: the others are the application's. */
const LATER = [
  { source: "src/usage/browser.ts", out: "usage/browser" },
  { source: "src/sse/fallback.ts", out: "sse/fallback" },
  { source: "src/tabs/index.ts", out: "sse/tabs" },
];

/** Puts the bundled parts in place of the modules that the compiler wrote. */
export function bundleLater(root) {
  return build({
    entryPoints: LATER.map(({ source, out }) => ({ in: join(root, source), out })),
    outdir: join(root, "dist"),
    bundle: true,
    format: "esm",
    target: "es2022",
    sourcemap: true,
    sourcesContent: false,
    plugins: [
      {
        name: "later",
        setup({ onResolve }) {
          onResolve({ filter: /./ }, ({ kind, path }) => {
            if (kind !== "dynamic-import") return undefined;
            if (path !== "../tabs/index.js")
              throw new Error(`${path} is imported dynamically and has no place in scripts/later.js`);
            return { path: "./tabs.js", external: true };
          });
        },
      },
    ],
  });
}
