import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { eventsUrl } from "@/api/organizations";
import { checkSession } from "@/api/session";
import { applyEvent, catchUp } from "./apply-event";
import type { FeedState } from "./feed";
import { followFeed } from "./feed";

interface LiveFeed {
  org: string;
  close: () => void;
}

let current: LiveFeed | null = null;
let state: FeedState = "connecting";
const listeners = new Set<() => void>();

function show(next: FeedState): void {
  state = next;
  for (const listener of listeners) listener();
}

function follow(client: QueryClient, org: string): void {
  if (current?.org === org) return;
  current?.close();
  let openedAt: number | null = null;
  const close = followFeed({
    url: eventsUrl(org),
    onEvent: (event) => {
      if (openedAt !== null && event.kind === "organization") catchUp(client, org, openedAt);
      else applyEvent(client, org, event);
      openedAt = null;
    },
    onState: (next) => {
      if (next === "live") openedAt = Date.now();
      show(next);
    },
    onRefused: () => void checkSession(),
  });
  current = { org, close };
}

function leave(): void {
  current?.close();
  current = null;
}

/**
 * Opens the stream of the organization that an address belongs to, before its page has been loaded: what the page reads
 * afterwards is newer than the stream, and need not be read twice.
 */
export function followEarly(client: QueryClient, pathname: string): void {
  const org = /^\/o\/([^/]+)/.exec(pathname)?.[1];
  if (org) follow(client, decodeURIComponent(org));
}

/** Follows the organization's events for as long as one of its pages is open. */
export function useLiveFeed(org: string): void {
  const client = useQueryClient();
  useEffect(() => follow(client, org), [client, org]);
  useEffect(() => leave, []);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useLiveState(): FeedState {
  return useSyncExternalStore(subscribe, () => state);
}
