// Flags whose types are declared. Compiled by `npm run check`, and by nothing else.

// #region typed
import type { FlagClient } from "@peekaboo/sdk";
import { createClient } from "@peekaboo/sdk";
import type { Flags } from "./flags.js";

export function connect(key: string, url: string): FlagClient<Flags> {
  const flags = createClient<Flags>({ key, url });
  flags.on("change:hero-theme", ({ value }) => {
    document.body.dataset.theme = value ?? "dawn"; // value is "dawn", "midnight", "fjord" or undefined
  });
  return flags;
}
// #endregion

export function misspelt(flags: FlagClient<Flags>): boolean {
  // @ts-expect-error: no such flag
  return flags.bool("new-chekout", false);
}
