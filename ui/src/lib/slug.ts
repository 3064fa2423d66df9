import { messages } from "./messages";

/** The longest key that the hub takes. */
export const MAX_KEY_LENGTH = 100;

const KEY = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** The key that a name suggests: "New checkout (v2)" becomes "new-checkout-v2". */
export function slug(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9._]+/g, "-")
    .replace(/^[^a-z0-9]+|[-._]+$/g, "")
    .slice(0, MAX_KEY_LENGTH)
    .replace(/[-._]+$/, "");
}

/** Why a key would be refused, or nothing. */
export function keyProblem(key: string): string | undefined {
  if (KEY.test(key)) return undefined;
  if (key === "") return messages.key.missing;
  if (key.length > MAX_KEY_LENGTH) return messages.key.tooLong(MAX_KEY_LENGTH);
  if (!/^[a-z0-9]/.test(key)) return messages.key.badStart;
  return messages.key.badCharacter;
}
