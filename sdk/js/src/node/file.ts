/** A ruleset in a file, read at once and again whenever the file changes. */

import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { resolve } from "node:path";
import type { Ruleset } from "../engine/ruleset.js";
import { parseRuleset } from "./parse.js";

/**
 * How often the file is looked at. Asking works wherever files do; notices get lost on network drives, and where the
 * file is a link that is put in place of another, as Kubernetes does.
 */
const LOOK_MS = 500;

export interface FileSource {
  readonly path: string;
  loaded(ruleset: Ruleset): void;
  /** The file is not there or holds no ruleset; what was loaded before still counts. */
  failed(message: string): void;
}

/** Returns the function that ends it. */
export function watchRuleset({ path, loaded, failed }: FileSource): () => void {
  const absolute = resolve(path);
  /** The last failure, which is told once. */
  let failure = "";
  const read = (): void => {
    let ruleset: Ruleset;
    try {
      ruleset = parseRuleset(readFileSync(absolute, "utf8"));
    } catch (error) {
      const message = `${path}: ${error instanceof Error ? error.message : error}`;
      if (message !== failure) failed(message);
      failure = message;
      return;
    }
    failure = "";
    loaded(ruleset);
  };
  read();
  watchFile(absolute, { interval: LOOK_MS }, read);
  return () => unwatchFile(absolute, read);
}
