// Lists new conformance cases in `sdk/conformance/released.json`, from where on they may not change.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { complaints, present } from "./lib/conformance.js";

const folder = resolve(import.meta.dirname, "../sdk/conformance");
const list = join(folder, "released.json");
const released = JSON.parse(readFileSync(list, "utf8"));
const all = { ...present(folder), ...released };
const broken = complaints(all, present(folder));
if (broken.length > 0) {
  process.stderr.write(`${broken.join("\n")}\n`);
  process.exitCode = 1;
} else {
  writeFileSync(list, `${JSON.stringify(all, Object.keys(all).sort(), 2)}\n`);
}
