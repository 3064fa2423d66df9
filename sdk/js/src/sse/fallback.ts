/**
 * Another way to the hub where sockets are not let through: every other attempt is made over HTTP. While that holds,
 * a socket is tried now and then; once one opens, the client goes back to sockets.
 */

import { diagnose } from "../diagnose.js";
import { GOAWAY, SUBPROTOCOL } from "../frames.js";
import type { Inside } from "../inside.js";
import { attempt } from "../json.js";
import type { Clock, SocketConstructor, SocketLike } from "../types.js";
import { createEventSocket } from "./socket.js";

/** How often a socket is tried, give or take a fifth. */
export const PROBE_MS = 60_000;

/** The stand-ins in use: one is not put in front of another. */
const standIns = new WeakSet<SocketConstructor>();

export async function start(inside: Inside): Promise<void> {
  const { WebSocket, clock, random, encode } = inside;
  const explain = createExplanation(inside);
  if (!globalThis.EventSource) await explain();
  if (!globalThis.EventSource || standIns.has(WebSocket)) return;
  const EventSocket = await shared(
    function open(url: string) {
      return createEventSocket(url, inside, explain);
    } as unknown as SocketConstructor,
    clock,
  );
  /** The stand-in that was made last, unless a socket was made since. */
  let current: SocketLike | null = null;
  let cancelProbe = (): void => undefined;

  function make(url: string, protocols: string): SocketLike {
    cancelProbe();
    if (current) {
      current = null;
      return new WebSocket(url, protocols);
    }
    current = new EventSocket(url, protocols);
    return current;
  }
  const StandIn = make as unknown as SocketConstructor;
  standIns.add(StandIn);
  inside.WebSocket = StandIn;

  function probeLater(): void {
    cancelProbe = clock.after(PROBE_MS * (0.8 + 0.4 * random()), () => {
      probeLater();
      attempt(probe);
    });
  }

  function probe(): void {
    const Socket = WebSocket.direct ?? WebSocket;
    const socket = new Socket(inside.url, SUBPROTOCOL);
    const giveUp = clock.after(PROBE_MS / 2, () => socket.close(1000));
    socket.onerror = () => undefined;
    socket.onclose = giveUp;
    socket.onopen = () => {
      giveUp();
      socket.close(1000);
      goBack();
      current?.onmessage?.({ data: encode([GOAWAY, 0, 0]).buffer } as never);
    };
  }

  function goBack(): void {
    cancelProbe();
    unsubscribe();
    inside.WebSocket = WebSocket;
  }

  const unsubscribe = inside.on("status", (status) => {
    cancelProbe();
    if (status !== "live") return;
    if (current) probeLater();
    else goBack();
  });
}

/** Returns what tells the application, once, why there is no way to the hub. */
function createExplanation(inside: Inside): () => Promise<void> {
  let due = true;
  return async () => {
    if (!due) return;
    due = false;
    const { hub, message } = await diagnose(inside.url);
    // Where a hub answers, it is by HTTP that this goes on.
    if (!hub || !globalThis.EventSource) inside.error({ code: "unreachable", message, temporary: true });
  };
}

/** A browser allows six connections to a hub by HTTP/1.1. Tabs with a stream each would use them up, so they share one. */
async function shared(EventSocket: SocketConstructor, clock: Clock): Promise<SocketConstructor> {
  if (!globalThis.navigator?.locks) return EventSocket;
  try {
    const { shareTabs } = await import("../tabs/index.js");
    return shareTabs({ WebSocket: EventSocket, clock });
  } catch {
    return EventSocket;
  }
}
