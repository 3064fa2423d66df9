import { platformClock } from "../clock.js";
import type { Clock, SocketConstructor, SocketLike } from "../types.js";
import type { Channel, LockManagerLike } from "./socket.js";
import { createSharedSocket } from "./socket.js";

export type { Channel, LockManagerLike };

export interface ShareTabsOptions {
  /** The socket's constructor. Default: the global one. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** Web Locks, by which tabs agree on one that connects. Default: `navigator.locks`. */
  readonly locks?: LockManagerLike | undefined;
  /** Default: the global one. */
  readonly BroadcastChannel?: (new (name: string) => Channel) | undefined;
  /** Default: the platform's timers. */
  readonly clock?: Clock | undefined;
}

/**
 * Lets the tabs of a browser share one connection: `createClient({ …, WebSocket: shareTabs() })`. Tabs with the same
 * hub, key and context agree on one that connects and tells the others; when it goes, another goes on from what it
 * has. Where Web Locks or BroadcastChannel are missing, and where no answer comes from the tab that leads, a tab has a
 * connection of its own.
 */
export function shareTabs({
  WebSocket = globalThis.WebSocket as SocketConstructor,
  locks = globalThis.navigator?.locks,
  BroadcastChannel = globalThis.BroadcastChannel,
  clock = platformClock,
}: ShareTabsOptions = {}): SocketConstructor {
  if (!locks || !BroadcastChannel) return WebSocket;
  const platform = { WebSocket, locks, BroadcastChannel, clock, memory: new Map() };
  const shared = (url: string, protocols: string) => createSharedSocket(url, protocols, platform);
  // Called with `new`, which gives what a function returns; an arrow cannot be.
  function SharedSocket(url: string, protocols: string): SocketLike {
    return shared(url, protocols);
  }
  SharedSocket.direct = WebSocket;
  return SharedSocket as unknown as SocketConstructor;
}
