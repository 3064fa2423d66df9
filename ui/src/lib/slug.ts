import { messages } from "./messages";

/** The longest key of a project or environment that the hub takes. */
export const MAX_KEY_LENGTH = 100;
/** The same of flags and segments. */
export const MAX_SUBJECT_KEY_LENGTH = 256;

const KEY = /^[a-z0-9][a-z0-9._-]{0,99}$/;
const SUBJECT_KEY = /^[A-Za-z0-9_][A-Za-z0-9._:|~-]{0,255}$/;

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

/** Why the key of a flag or segment would be refused, or nothing. Its case matters. */
export function subjectKeyProblem(key: string): string | undefined {
  if (SUBJECT_KEY.test(key)) return undefined;
  if (key === "") return messages.key.missing;
  if (key.length > MAX_SUBJECT_KEY_LENGTH) return messages.key.tooLong(MAX_SUBJECT_KEY_LENGTH);
  if (!/^[A-Za-z0-9_]/.test(key)) return messages.key.badSubjectStart;
  return messages.key.badSubjectCharacter;
}

/** Why any other key would be refused, or nothing. */
export function keyProblem(key: string): string | undefined {
  if (KEY.test(key)) return undefined;
  if (key === "") return messages.key.missing;
  if (key.length > MAX_KEY_LENGTH) return messages.key.tooLong(MAX_KEY_LENGTH);
  if (!/^[a-z0-9]/.test(key)) return messages.key.badStart;
  return messages.key.badCharacter;
}
