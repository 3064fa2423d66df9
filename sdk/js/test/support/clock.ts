import type { Clock } from "../../src/types.js";

/** A clock that stands still until it is advanced. */
export interface FakeClock extends Clock {
  /** Lets time pass, calling back what falls due in order of time. */
  advance(ms: number): void;
  /** How many timers are waiting. */
  pending(): number;
}

export function createFakeClock(): FakeClock {
  let now = 1000;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      if (delayMs < Number.POSITIVE_INFINITY) timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((each) => each !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
    },
    pending: () => timers.length,
  };
}
