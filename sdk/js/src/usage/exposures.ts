/** Who was served what: told once, for as long as it is remembered that it was. */

import type { Clock, Json } from "../types.js";
import type { Usage } from "./usage.js";

/** How many exposures are remembered at most. */
const MAX_EXPOSED = 10_000;

/** What was served; no one is exposed to a caller's own default, nor without a key to tell them by. */
export interface Served {
  readonly variation?: string | null | undefined;
  readonly flagVersion?: number | undefined;
  readonly reason?: string | undefined;
}

/** Which rule matched, and what its split bucketed where that is not the targeting key: known to who has the rules. */
export interface Assigned {
  readonly rule?: string;
  readonly unit?: string;
}

/** Returns a function that reports exposures. Equal exposures are reported once per `forMs`. */
export function createExposures(usage: Usage, clock: Clock, forMs: number) {
  let exposed = new Set<string>();
  let since = clock.now();

  return (flag: string, served: Served, targetingKey: Json | undefined, assigned: Assigned = {}): void => {
    const { variation, flagVersion = 0, reason } = served;
    if (typeof variation !== "string" || typeof targetingKey !== "string") return;
    const now = clock.now();
    if (now - since >= forMs || exposed.size >= MAX_EXPOSED) {
      exposed = new Set();
      since = now;
    }
    const why = reason === undefined ? {} : { reason };
    const exposure = { flag, flagVersion, variation, targetingKey, ...why, ...assigned };
    const name = JSON.stringify(exposure);
    if (exposed.has(name)) return;
    exposed.add(name);
    usage.record("exposures", exposure);
  };
}
