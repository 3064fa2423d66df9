import type { Clock } from "./types.js";

/** The platform's time. */
export const platformClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    // A longer delay would overflow, and be over at once.
    const timer = delayMs < 2 ** 31 ? setTimeout(callback, delayMs) : undefined;
    return () => clearTimeout(timer);
  },
};
