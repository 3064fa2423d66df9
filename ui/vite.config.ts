import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const hub = process.env.PEEKABOO_DASHBOARD ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
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
            { name: "libraries", test: /node_modules\/(?!(cmdk|uplot)\/)/, minShareCount: 2, priority: 2 },
            { name: "parts", test: /ui\/src\/(components|lib|api|domain)\//, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
});
