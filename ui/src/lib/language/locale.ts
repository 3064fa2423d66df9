let locale = "en";

/** The BCP 47 tag by which texts are worded and numbers and dates are formatted. */
export function currentLocale(): string {
  return locale;
}

export function setLocale(next: string): void {
  locale = next;
}

export interface Choice {
  /** One of the available languages. */
  language: string;
  /** The language as this reader writes it: `en-GB` has other dates than `en-US`. */
  locale: string;
}

/** The first of the reader's languages that the dashboard speaks, or else English. */
export function chooseLanguage(preferred: readonly string[], available: readonly string[]): Choice {
  for (const locale of preferred) {
    const language = available.find((item) => locale === item || locale.startsWith(`${item}-`));
    if (language) return { language, locale };
  }
  return { language: "en", locale: "en" };
}
