/** What a page's life means for its connection. */

import type { Clock, PageLike } from "./types.js";

export interface PageOptions {
  readonly page: PageLike | null;
  readonly clock: Clock;
  readonly hiddenTimeoutMs: number;
  /** The page has just been hidden, and may be gone without another word. */
  hidden(): void;
  /** The page has been hidden for `hiddenTimeoutMs`. */
  abandoned(): void;
  /** The page is shown, or is and the network is back. */
  shown(): void;
}

/** Watches the page; returns the function that ends it. */
export function watchPage({
  page,
  clock,
  hiddenTimeoutMs,
  hidden,
  abandoned,
  shown,
}: PageOptions): () => void {
  let cancel: (() => void) | undefined;

  const look = (): void => {
    cancel?.();
    if (page?.visibilityState === "hidden") {
      cancel = clock.after(hiddenTimeoutMs, abandoned);
      hidden();
    } else shown();
  };
  page?.addEventListener("visibilitychange", look);
  page?.defaultView?.addEventListener("online", look);
  // Opened in the background: counted from now.
  if (page?.visibilityState === "hidden") look();

  return () => {
    cancel?.();
    page?.removeEventListener("visibilitychange", look);
    page?.defaultView?.removeEventListener("online", look);
  };
}
