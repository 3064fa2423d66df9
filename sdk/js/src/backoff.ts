/**
 * How long to wait before reconnect `attempt` (from 0): a random time under a ceiling that doubles, so that the clients
 * of a hub that went down do not come back as one ("full jitter", AWS Architecture Blog, 2015).
 *
 * @param first What the ceiling begins with, in milliseconds.
 * @param most Where it stops growing.
 */
export function backoff(attempt: number, random: () => number, first = 500, most = 20_000): number {
  return random() * Math.min(most, first * 2 ** attempt);
}
