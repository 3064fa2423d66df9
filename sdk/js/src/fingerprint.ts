/**
 * A short name for a text: 64 bits, to tell apart the few contexts that one browser sees without keeping them. Two
 * multiplicative hashes side by side; not cryptographic.
 */
export function fingerprint(text: string): string {
  let a = 1;
  let b = 1;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b + text.charCodeAt(i), 1597334677);
  }
  return `${a}${b}`;
}
