import type { Clock } from "./types.js";

/** The platform's time. */
export const platformClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    // A delay of 2^31 or more would overflow, and be over at once.
    const timer = delayMs < 2e9 ? setTimeout(callback, delayMs) : 0;
    return () => clearTimeout(timer);
  },
};
