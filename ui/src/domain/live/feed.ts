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
/** The hub sends an event at least every 15 seconds; two and a half times that without one, and the stream is dead. */
const SILENCE_MS = 37_500;
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
  let silence: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;

  const close = () => {
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    const stream = new EventSource(url);
    source = stream;
    const lost = (refused: boolean) => {
      close();
      onState(isOnline() ? "reconnecting" : "offline");
      if (refused) onRefused();
      if (document.hidden) return;
      timer = setTimeout(open, retryDelay(attempt));
      attempt += 1;
    };
    // A connection can die without closing; the browser would not notice.
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => lost(false), SILENCE_MS);
    };
    heard();
    stream.onopen = () => {
      heard();
      attempt = 0;
      onState("live");
    };
    stream.addEventListener("heartbeat", heard);
    stream.onmessage = (message: MessageEvent<string>) => {
      heard();
      onEvent(JSON.parse(message.data) as TenantEvent);
    };
    // A browser gives up by itself only on an answer; one that it could not get at all it would ask for again.
    stream.onerror = () => lost(stream.readyState === EventSource.CLOSED);
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
