import { join } from "node:path";
import { defineConfig } from "vitest/config";

const REACT_18 = join(import.meta.dirname, "../react-18/node_modules");

export default defineConfig({
  test: {
    // Above every deadline that a test sets itself, so that what was waited for is told.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "sdk", include: ["test/**/*.test.{ts,tsx}"], env: { REACT: "19" } } },
      {
        // The same tests of components, with the oldest React that is supported.
        extends: true,
        resolve: {
          alias: [
            { find: /^(react|react-dom)(?=\/|$)/, replacement: `${REACT_18}/$1` },
            // Its modules, which import as the tests do: what it requires would be the newer React.
            {
              find: "@testing-library/react",
              replacement: "@testing-library/react/dist/@testing-library/react.esm.js",
            },
          ],
        },
        test: {
          name: "React 18",
          include: ["test/react/**/*.test.tsx"],
          env: { REACT: "18" },
          server: { deps: { inline: [/@testing-library\/react/] } },
        },
      },
    ],
  },
});
