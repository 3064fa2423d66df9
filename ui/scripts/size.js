// Measures what the first page has to download, and fails when it no longer fits its budget. What is loaded later, editors
// and charts, is listed beside it. Run after `npm run build`.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Scripts and styles that index.html asks for: the frame, and the libraries that every page needs. */
const FIRST_BUDGET_BYTES = 300 * 1024;
/** The largest part that is loaded later: the JSON editor. */
const LATER_BUDGET_BYTES = 125 * 1024;

const dist = join(import.meta.dirname, "../dist");
const html = readFileSync(join(dist, "index.html"), "utf8");
const first = new Set([...html.matchAll(/assets\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name));
const names = readdirSync(join(dist, "assets")).filter((name) => /\.(?:js|css)$/.test(name));
const size = (name) => gzipSync(readFileSync(join(dist, "assets", name)), { level: 9 }).length;

const total = [...first].reduce((sum, name) => sum + size(name), 0);
console.log(`first load: ${total} bytes gzipped of ${FIRST_BUDGET_BYTES}`);
if (total > FIRST_BUDGET_BYTES) {
  console.error(`${total - FIRST_BUDGET_BYTES} bytes over the budget`);
  process.exitCode = 1;
}

for (const name of names.filter((name) => !first.has(name))) {
  const bytes = size(name);
  if (bytes > 20 * 1024) console.log(`later: ${name.replace(/-[^-]{8}\./, ".")}: ${bytes} bytes gzipped`);
  if (bytes > LATER_BUDGET_BYTES) {
    console.error(`${name} is ${bytes - LATER_BUDGET_BYTES} bytes over the budget`);
    process.exitCode = 1;
  }
}
