/**
 * How long to wait before reconnect `attempt` (from 0): a random time under a ceiling that doubles, so that the clients
 * of a hub that went down do not come back as one ("full jitter", AWS Architecture Blog, 2015).
 */
export function backoff(attempt: number, random: () => number): number {
  /** What the ceiling begins with, and where it stops growing. */
  const MIN_CEILING_MS = 500;
  const MAX_CEILING_MS = 20_000;
  return random() * Math.min(MAX_CEILING_MS, MIN_CEILING_MS * 2 ** attempt);
}
