import type { TenantEvent } from "@/api/types";
import { isOnline } from "@/lib/online";

export type FeedState = "connecting" | "live" | "reconnecting" | "offline";

export interface FeedOptions {
  url: string;
  onEvent: (event: TenantEvent) => void;
  onState: (state: FeedState) => void;
  /** The hub answered, and not with a stream: perhaps the session has ended. */
  onRefused: () => void;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 20_000;
/** Long enough to look something up in another tab. */
const HIDDEN_MS = 10_000;

/** How long to wait before the nth attempt: full jitter, so that many dashboards never return in step. */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  return Math.max(150, random() * Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt));
}

const wakers = new Set<() => void>();

/** Ends the waits of feeds that are down, where it is known that the hub can be reached again. */
export function wakeFeeds(): void {
  for (const wake of wakers) wake();
}

/**
 * Follows an organisation's events until it is closed. The returned function closes it.
 *
 * A page that nobody looks at holds no stream: browsers allow six connections to a hub, shared by all tabs. Each stream
 * opens with an `organization` event, on which everything is read anew, so whatever happened meanwhile is caught up with.
 */
export function followFeed({ url, onEvent, onState, onRefused }: FeedOptions): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    const stream = new EventSource(url);
    source = stream;
    stream.onopen = () => {
      attempt = 0;
      onState("live");
    };
    stream.onmessage = (message: MessageEvent<string>) => onEvent(JSON.parse(message.data) as TenantEvent);
    stream.onerror = () => {
      // A browser gives up by itself only on an answer; one that it could not get at all it would ask for again.
      const refused = stream.readyState === EventSource.CLOSED;
      close();
      onState(isOnline() ? "reconnecting" : "offline");
      if (refused) onRefused();
      if (document.hidden) return;
      timer = setTimeout(open, retryDelay(attempt));
      attempt += 1;
    };
  };
  const retryNow = () => {
    if (!document.hidden && source?.readyState !== EventSource.OPEN) open();
  };
  // A hub on this machine can still be reached, so the stream is tried rather than given up.
  const probe = () => {
    if (!document.hidden) open();
  };
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(close, HIDDEN_MS);
    else if (!source) open();
  };

  onState("connecting");
  if (!document.hidden) open();
  addEventListener("online", retryNow);
  addEventListener("offline", probe);
  document.addEventListener("visibilitychange", look);
  wakers.add(retryNow);
  return () => {
    removeEventListener("online", retryNow);
    removeEventListener("offline", probe);
    document.removeEventListener("visibilitychange", look);
    wakers.delete(retryNow);
    close();
  };
}
