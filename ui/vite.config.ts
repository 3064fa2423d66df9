import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vite";

const hub = process.env.PEEKABOO_DASHBOARD ?? "http://127.0.0.1:3000";

// What only editors and charts need stays out of what every page loads.
const LIBRARIES =
  /node_modules\/(?!(cmdk|uplot|@dnd-kit|@codemirror|@lezer|@marijn|style-mod|w3c-keyname|crelt|jsonc-parser)\/)/;
const PARTS =
  /ui\/src\/(components(?!\/(sortable|json-editor)\/)|lib(?!\/(json|item-ids)\.ts)|api|domain(?!\/conditions\/)|features\/\w+\/messages)\b/;
const EDITORS =
  /node_modules\/(@dnd-kit|jsonc-parser)\/|ui\/src\/(components\/(sortable|json-editor)\/|lib\/json\.ts|lib\/item-ids\.ts|domain\/conditions\/)/;

/**
 * Modules and styles find each other by relative addresses, so that the dashboard works under any path. The page does not,
 * since it is served for every path: there the hub puts the path before addresses that begin at the root.
 */
const fromTheRoot: Plugin = {
  name: "from-the-root",
  transformIndexHtml: { order: "post", handler: (html) => html.replaceAll('="./', '="/') },
};

export default defineConfig({
  base: "./",
  plugins: [react(), tailwindcss(), fromTheRoot],
  resolve: { tsconfigPaths: true },
  server: { host: "127.0.0.1", proxy: { "/api": hub, "/storefront": hub } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Many pages share small parts: one file of them is quicker to fetch than one for each. Libraries change less often
        // than the dashboard, so browsers keep theirs over an update.
        codeSplitting: {
          groups: [
            { name: "libraries", test: LIBRARIES, minShareCount: 2, priority: 3 },
            { name: "parts", test: PARTS, minShareCount: 2, priority: 2 },
            {
              name: "editors",
              test: EDITORS,
              minShareCount: 2,
              priority: 1,
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
  },
});
