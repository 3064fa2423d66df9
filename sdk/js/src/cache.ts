/**
 * The last values of each context, kept for the next visit. Storage that is missing, full, forbidden or holds
 * nonsense is the same as storage that is empty.
 */

import { fingerprint } from "./fingerprint.js";
import { fits } from "./frames.js";
import type { JsonMap } from "./json.js";
import { attempt, check } from "./json.js";
import type { ValueStorage } from "./types.js";
import type { State } from "./values.js";
import { readValues } from "./values.js";

export interface Cache {
  /** The values last kept for the context of this name. */
  load(context: string): State | undefined;
  save(context: string, state: State): void;
}

/** A context's values as they are stored. */
type Entry = [context: string, epoch: string | null, version: number, flags: JsonMap];

export function createCache(storage: ValueStorage | null, key: string): Cache {
  /** How many contexts' values are kept for one key, so that signing in and out does not fill the storage. */
  const MAX_CONTEXTS = 4;
  // Raise the number when the format of the entries changes: older entries are then not found.
  const name = `peekaboo1:${fingerprint(key)}`;
  /** The newest first. */
  const entries = (): Entry[] => JSON.parse((storage as ValueStorage).getItem(name) as string);

  return {
    load: (context) =>
      attempt(() => {
        const [, epoch, version, flags] = entries().find(([each]) => each === context) as Entry;
        check(fits([epoch, version], /^[s-]n$/));
        return { epoch, version, values: readValues(flags) };
      }),
    save(context, { epoch, version, values }) {
      const others = attempt(() => entries().filter(([each]) => each !== context)) ?? [];
      const entry: Entry = [context, epoch, version, Object.fromEntries(values) as unknown as JsonMap];
      attempt(() =>
        (storage as ValueStorage).setItem(
          name,
          JSON.stringify([entry, ...others.slice(0, MAX_CONTEXTS - 1)]),
        ),
      );
    },
  };
}
