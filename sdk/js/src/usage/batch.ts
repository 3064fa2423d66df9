/** What a batch of EVENTS holds; `docs/protocol.md` is the reference. Absent lists are empty. */

import type { JsonMap } from "../json.js";
import type { Json } from "../types.js";

/** How often one outcome of one flag was served. A null version is that of an unknown flag, a null variation the caller's default. */
export type Count = readonly [
  flag: string,
  flagVersion: number | null,
  variation: string | null,
  reason: string,
  count: number,
];

/** Sent as it is until it is acknowledged: a hub counts an id once, however often it comes. */
export interface Batch {
  readonly [field: string]: Json;
  readonly id: string;
  readonly counts: readonly Count[];
  readonly exposures: readonly JsonMap[];
  readonly events: readonly JsonMap[];
  /** What there was no room for since the batch before. */
  readonly dropped: number;
}
