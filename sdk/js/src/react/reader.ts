/**
 * What a component reads of the flags: the same object for as long as nothing about it has changed, which is how React
 * knows that there is nothing to render.
 */

import { evaluate } from "../evaluate.js";
import { attempt } from "../json.js";
import type { Detail, FlagClient, Json } from "../types.js";
import type { Source } from "./provider.js";

export interface Reader<T> {
  /** What is served now. */
  readonly read: () => T;
  /** The values that the server rendered with. */
  readonly initial: () => T;
  /** Calls back once something else is served; returns what ends that. */
  readonly follow: (changed: () => void) => () => void;
}

/** Reads one flag. */
export function createFlagReader<T>(
  { client, initial }: Source,
  key: string,
  fallback: T,
): Reader<Detail<T>> {
  return createReader(
    client,
    // A status may bring another reason: an unknown flag's is that there are no values yet, then that it is unknown.
    [`change:${key}`, "status"],
    () => evaluate(initial, key, fallback, fallback === null ? undefined : typeof fallback),
    // The client's overloads name each type; this uses the type of the default.
    (from) => from.detail(key, fallback as object) as Detail<T>,
  );
}

/** Reads all that is served. */
export function createAllReader({ client, initial }: Source): Reader<Readonly<Record<string, Json>>> {
  return createReader(
    client,
    ["change"],
    () => {
      const entries = [...(initial?.values ?? [])].map(([key, [value]]) => [key, value]);
      return Object.fromEntries(entries.filter(([, value]) => value !== null));
    },
    (from) => from.allFlags(),
  );
}

function createReader<T extends object>(
  client: FlagClient | undefined,
  events: readonly ("change" | "status" | `change:${string}`)[],
  evaluateInitial: () => T,
  evaluateNow: (client: FlagClient) => T,
): Reader<T> {
  let first: T | undefined;
  let now: T | undefined;

  const initial = (): T => {
    first ??= evaluateInitial();
    return first;
  };
  if (!client) return { read: initial, initial, follow: () => () => undefined };

  return {
    // Kept: a rendering reads several times, and counts as one evaluation.
    read() {
      now ??= keep(first, evaluateNow(client));
      return now;
    },
    initial,
    follow(changed) {
      const renew = (): void => {
        const before = now;
        now = keep(before, evaluateNow(client));
        if (now !== before) changed();
      };
      const ends = events.map((event) => client.on(event as "change", renew));
      // What changed since the rendering was not heard.
      renew();
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

/** The newer object, with what is equal taken from the older; the older itself where everything is. */
function keep<T extends object>(older: T | undefined, newer: T): T {
  if (!older) return newer;
  const members = Object.entries(newer).map(([name, value]) => {
    const former: unknown = older[name as keyof T];
    return [name, equal(former, value) ? former : value];
  });
  const kept = Object.fromEntries(members) as T;
  return equal(older, kept) ? older : kept;
}

function equal(one: unknown, other: unknown): boolean {
  // A caller's default may be anything, even what has no JSON.
  return Object.is(one, other) || attempt(() => JSON.stringify(one) === JSON.stringify(other)) === true;
}
