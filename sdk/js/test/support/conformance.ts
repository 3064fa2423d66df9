// What sdk/conformance holds, as its README.md describes it.
import { readdirSync, readFileSync } from "node:fs";

const root = new URL("../../../conformance/", import.meta.url);

/** The JSON files of one folder, by name. */
export function conformanceFiles<T>(folder: string): [name: string, file: T][] {
  const directory = new URL(`${folder}/`, root);
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => [name, JSON.parse(readFileSync(new URL(name, directory), "utf8"))]);
}
