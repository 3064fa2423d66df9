import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("a page loads less than 5 KB at first, bundled by esbuild and by Rollup, and README.md says how much it is", () => {
  const script = join(import.meta.dirname, "../../scripts/size.js");
  const report = execFileSync(process.execPath, [script], { encoding: "utf8", stdio: "pipe" });
  for (const bundler of ["esbuild", "Rollup"])
    expect(report).toMatch(new RegExp(`^${bundler}: \\d+ bytes`, "m"));
});
