/** Waiting for a client's first values, once for all components that wait. */

import type { FlagClient } from "../types.js";
import type { Source } from "./provider.js";

/** What is waited for, by client; null once it is over, whether or not it brought values. */
const waits = new WeakMap<FlagClient, Promise<void> | null>();

/** Throws a promise, which `<Suspense>` takes, for as long as there is something to wait for. */
export function waitForValues({ client, initial, suspend }: Source): void {
  if (!client || initial || suspend === false) return;
  const wait = waits.get(client) ?? begin(client, suspend);
  if (wait) throw wait;
}

function begin(client: FlagClient, suspend: number | true): Promise<void> | null {
  if (waits.has(client)) return null;
  const timeoutMs = suspend === true ? undefined : suspend;
  // Where there are values, there is nothing to wait for, not even for a promise's turn.
  const there = client.version > 0 || Object.keys(client.allFlags()).length > 0;
  const wait = there ? null : client.ready(timeoutMs).then(() => void waits.set(client, null));
  waits.set(client, wait);
  return wait;
}
