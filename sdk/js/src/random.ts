/**
 * An id that no other visitor or batch has, of about 104 random bits. It is not a secret, so `Math.random` is enough: React
 * Native has no `crypto`.
 */
export function randomId(): string {
  const half = (): string => Math.random().toString(36).slice(2);
  return half() + half();
}
