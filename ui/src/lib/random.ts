/** A random id; `crypto.randomUUID` exists on https and localhost only, this works everywhere. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

/** A few random letters and digits that are not mistaken for one another. */
export function randomWord(length: number): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(length)),
    (byte) => LETTERS[byte % LETTERS.length],
  ).join("");
}
