/** What the ceiling of the wait before a reconnect begins with, and where it stops growing. */
export const MIN_CEILING_MS = 500;
export const MAX_CEILING_MS = 20_000;

/**
 * How long to wait before reconnect `attempt` (from 0): a random time under a ceiling that doubles, so that the clients
 * of a hub that went down do not come back as one ("full jitter", AWS Architecture Blog, 2015).
 */
export function backoff(attempt: number, random: () => number): number {
  return random() * Math.min(MAX_CEILING_MS, MIN_CEILING_MS * 2 ** attempt);
}
