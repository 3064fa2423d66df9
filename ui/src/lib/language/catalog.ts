import type { ReactNode } from "react";
import { setLocale } from "./locale";

/** A text, or a function that puts what is given to it into one. */
export type Message = string | ((...values: never[]) => ReactNode);

/** Messages by name, in groups where several belong together. */
export interface Messages {
  [name: string]: Message | Messages;
}

/** Another language: every catalog by its name. */
export type Catalogs = Record<string, Messages>;

interface Registered {
  english: Messages;
  /** What everybody holds: its members change with the language. */
  messages: Messages;
}

const registered = new Map<string, Registered>();
let translated: Catalogs = {};

/**
 * The texts of one folder, in English. Its name is unique in the dashboard.
 *
 * Read messages while rendering or in a handler, never when a module is loaded: the language may be chosen later.
 */
export function catalog<Catalog extends Messages>(name: string, english: Catalog): Catalog {
  const messages: Catalog = { ...english, ...translated[name] };
  registered.set(name, { english, messages });
  return messages;
}

/** Shows the dashboard in another language, including parts that are loaded later. Call it before the first render. */
export function speak(locale: string, translation: Catalogs): void {
  setLocale(locale);
  translated = translation;
  for (const [name, { english, messages }] of registered) {
    Object.assign(messages, english, translation[name]);
  }
}
