import type { Choice } from "@/lib/language/locale";
import { chooseLanguage } from "@/lib/language/locale";
import type { english } from "./english";

/** Every text of the dashboard in another language: each message of every catalog, checked by the compiler. */
export type Translation = typeof english;

export type Translations = Record<string, () => Promise<{ translation: Translation }>>;

/** The languages beside English by their BCP 47 tags. Each is downloaded only by those who read it. */
const TRANSLATIONS: Translations = {};

/** The reader's language; a translation that cannot be downloaded leaves the dashboard in English. */
export async function readersLanguage(
  preferred: readonly string[],
  translations: Translations = TRANSLATIONS,
): Promise<Choice & { catalogs: Partial<Translation> }> {
  const choice = chooseLanguage(preferred, ["en", ...Object.keys(translations)]);
  const load = translations[choice.language];
  if (!load) return { ...choice, catalogs: {} };
  try {
    return { ...choice, catalogs: (await load()).translation };
  } catch {
    return { language: "en", locale: "en", catalogs: {} };
  }
}
