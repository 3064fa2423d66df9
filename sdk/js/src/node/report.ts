/** What evaluations are told to the hub as: counts of outcomes, and exposures of flags that are tracked. */

import type { FlagProgram } from "../engine/flag.js";
import type { Clock, Context } from "../types.js";
import type { Usage } from "../usage/usage.js";
import type { Answer } from "./answer.js";

/** For how long one exposure stands for those like it, and how many are remembered at most. */
const EXPOSED_MS = 60_000;
const MAX_EXPOSED = 10_000;

/** Returns what takes an evaluation down. */
export function createReport(usage: Usage, clock: Clock) {
  let exposed = new Set<string>();
  let since = clock.now();

  function expose(flag: string, { variation, flagVersion }: Answer, targetingKey: string): void {
    const now = clock.now();
    if (now - since >= EXPOSED_MS || exposed.size >= MAX_EXPOSED) {
      exposed = new Set();
      since = now;
    }
    const exposure = { flag, flagVersion: flagVersion ?? 0, variation: variation ?? "", targetingKey };
    const name = JSON.stringify(exposure);
    if (exposed.has(name)) return;
    exposed.add(name);
    usage.record("exposures", exposure);
  }

  return (flag: string, answer: Answer, program: FlagProgram | null | undefined, context: Context): void => {
    usage.count(flag, answer.flagVersion ?? null, answer.variation ?? null, answer.reason);
    if (!program?.track || answer.variation === undefined) return;
    if (typeof context.targetingKey === "string") expose(flag, answer, context.targetingKey);
  };
}
