// Fails when a text for people stands in code instead of a message catalog, where no translation can reach it.
//
// Called by `npm run check`.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findLiterals } from "./literals.js";

const sources = resolve(import.meta.dirname, "../src");
/** Snippets to copy: they are code, with comments for those who write it. */
const CODE = ["features/environments/snippets.ts"];

const files = readdirSync(sources, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/(\.test\.tsx?|\.gen\.ts|\/messages\.ts)$/.test(name))
  .filter((name) => !name.startsWith("languages/") && !CODE.includes(name))
  .sort();

const findings = files.flatMap((name) =>
  findLiterals(name, readFileSync(join(sources, name), "utf8")).map(
    ({ line, problem }) => `src/${name}:${line}: ${problem}`,
  ),
);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
