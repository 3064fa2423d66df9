// Flags whose types are declared. Compiled by `npm run check`, and by nothing else.

// #region typed
import type { FlagClient } from "@peekaboo/sdk";
import { createClient } from "@peekaboo/sdk";

export interface Flags {
  "new-checkout": boolean;
  "hero-theme": "dawn" | "fjord";
  layout: { readonly columns: number };
}

export function connect(key: string, url: string): FlagClient<Flags> {
  const flags = createClient<Flags>({ key, url });
  flags.on("change:hero-theme", ({ value }) => {
    document.body.dataset.theme = value ?? "dawn"; // value is "dawn", "fjord" or undefined
  });
  return flags;
}
// #endregion

export function misspelt(flags: FlagClient<Flags>): boolean {
  // @ts-expect-error: no such flag
  return flags.bool("new-chekout", false);
}
