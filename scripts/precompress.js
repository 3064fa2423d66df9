// Writes a brotli and a gzip form next to each file of a build that gains by it, so that the hub never compresses while
// serving. Usage: node scripts/precompress.js FOLDER [PREFIX], of whose files only those count whose path begins so.

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const COMPRESSED = /\.(?:br|gz)$/;
const TEXT = /\.(?:css|html|js|json|map|svg|txt|webmanifest)$/;
const WORTHWHILE_BYTES = 1024;

const [folder, prefix = ""] = process.argv.slice(2);
if (folder === undefined) {
  throw new Error("name the folder");
}
const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
for (const name of names.filter((name) => COMPRESSED.test(name))) {
  rmSync(join(folder, name));
}
for (const name of names.filter((name) => TEXT.test(name) && name.startsWith(prefix))) {
  const path = join(folder, name);
  if (statSync(path).size >= WORTHWHILE_BYTES) {
    const bytes = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
