// Builds the modules for `require`: for Jest, and for programs that are not ES modules. They are in a folder with its own
// package.json, so that Node and TypeScript recognize them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** Writes `dist/cjs`. The declarations are those of `dist`, which is there. */
export async function commonjs(root) {
  const [src, dist, out] = ["src", "dist", "dist/cjs"].map((name) => join(root, name));
  const declarations = list(dist).filter((name) => name.endsWith(".d.ts"));
  await build({
    entryPoints: list(src)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(src, name)),
    outdir: out,
    outbase: src,
    format: "cjs",
    platform: "node",
    target: "es2022",
    sourcemap: true,
    sourcesContent: false,
    // Parts that are loaded later are required: Jest has `import()` only behind a flag.
    supported: { "dynamic-import": false },
  });
  for (const name of declarations) {
    const path = join(out, name);
    mkdirSync(dirname(path), { recursive: true });
    // Their maps lead from another folder.
    writeFileSync(path, readFileSync(join(dist, name), "utf8").replace(/^\/\/# sourceMappingURL=.*\n?/m, ""));
  }
  writeFileSync(join(out, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}

function list(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}
