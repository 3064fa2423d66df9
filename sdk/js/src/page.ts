/** What a page's life means for its connection. */

import { nothing } from "./json.js";
import type { Clock, PageLike } from "./types.js";

export interface PageOptions {
  readonly page: PageLike | null;
  readonly clock: Clock;
  readonly hiddenTimeoutMs: number;
  /** The page has just been hidden, and may be gone without another word. */
  hidden(): void;
  /** The page has been hidden for `hiddenTimeoutMs`. */
  pause(): void;
  /** The page is shown, or is and the network is back. */
  open(): void;
}

/** Watches the page; returns the function that ends it. */
export function watchPage({ page, clock, hiddenTimeoutMs, hidden, pause, open }: PageOptions): () => void {
  if (!page) return nothing;
  let cancel: (() => void) | undefined;

  const look = (): void => {
    cancel?.();
    if (page.visibilityState === "hidden") {
      cancel = clock.after(hiddenTimeoutMs, pause);
      hidden();
    } else open();
  };
  const each = (method: "addEventListener" | "removeEventListener"): void => {
    page[method]("visibilitychange", look);
    page.defaultView?.[method]("online", look);
  };
  each("addEventListener");
  // Opened in the background: counted from now.
  if (page.visibilityState === "hidden") look();

  return () => {
    cancel?.();
    each("removeEventListener");
  };
}
