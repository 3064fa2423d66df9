import type { TenantEvent } from "@/api/types";

export type FeedState = "connecting" | "live" | "reconnecting";

export interface FeedOptions {
  url: string;
  onEvent: (event: TenantEvent) => void;
  onState: (state: FeedState) => void;
  /** The feed is back after a gap in which events may have been missed. */
  onGap: () => void;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 20_000;

/** How long to wait before the nth attempt: full jitter, so that many dashboards never return in step. */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  return Math.max(150, random() * Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt));
}

const wakers = new Set<() => void>();

/** Ends the waits of feeds that are down, where it is known that the hub can be reached again. */
export function wakeFeeds(): void {
  for (const wake of wakers) wake();
}

/** Follows an organisation's events until it is closed. The returned function closes it. */
export function followFeed({ url, onEvent, onState, onGap }: FeedOptions): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let missed = false;

  const open = () => {
    source = new EventSource(url);
    source.onopen = () => {
      attempt = 0;
      onState("live");
      if (missed) onGap();
      missed = false;
    };
    source.onmessage = (message: MessageEvent<string>) => onEvent(JSON.parse(message.data) as TenantEvent);
    source.onerror = () => {
      source?.close();
      missed = true;
      onState("reconnecting");
      timer = setTimeout(open, retryDelay(attempt));
      attempt += 1;
    };
  };
  const retryNow = () => {
    if (!missed || source?.readyState === EventSource.OPEN) return;
    clearTimeout(timer);
    source?.close();
    open();
  };

  onState("connecting");
  open();
  addEventListener("online", retryNow);
  wakers.add(retryNow);
  return () => {
    removeEventListener("online", retryNow);
    wakers.delete(retryNow);
    clearTimeout(timer);
    source?.close();
  };
}
