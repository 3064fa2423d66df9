/**
 * A socket that is none: it speaks the stream's messages to the client, and to the hub it speaks OFREP. Values are
 * fetched whole, and fetched again (with an ETag) whenever the hub's server-sent events say that something changed.
 */

import { evaluationUrl, eventsUrl } from "../address.js";
import type { ClientFrame, ServerFrame } from "../frames.js";
import * as type from "../frames.js";
import type { JsonMap } from "../json.js";
import { check, nothing } from "../json.js";
import type { Codec } from "../msgpack.js";
import type { Clock, FlagMetadata, Json, SocketLike } from "../types.js";

/** The close codes that it makes of a hub's HTTP status; what is not here means reconnect. */
const REFUSALS: Record<number, number> = { 401: 4501, 403: 4503 };

/** How long an answer may take. The stream's heartbeats do not show that requests get through. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** A close code that a connection that broke would have. */
const BROKEN = 1006;

/** The answer to a bulk evaluation, as far as it is used. */
interface Evaluation {
  readonly flags?: readonly {
    readonly key: string;
    readonly value?: Json;
    readonly variant?: string;
    readonly reason?: string;
    readonly errorCode?: string;
    /** The reason is the hub's own, where the protocol has no name for it. */
    readonly metadata?: FlagMetadata & { readonly flagVersion?: number; readonly reason?: string };
  }[];
  readonly metadata?: { readonly version?: number; readonly flagSetId?: string };
  readonly eventStreams?: readonly EventStream[];
}

interface EventStream {
  readonly type: string;
  readonly url?: string;
  /** How often a heartbeat comes; absent where the hub sends none that scripts can see. */
  readonly heartbeatSeconds?: number;
  readonly endpoint?: { readonly origin?: string; readonly requestUri: string };
}

/** Opens at once; `url` is the stream's. `unheard` is called where it ends without having heard a hub. */
export function createEventSocket(
  url: string,
  { clock, decode, encode }: Codec & { readonly clock: Clock },
  unheard: () => void = nothing,
): SocketLike {
  const bulk = evaluationUrl(url);
  let closed = false;
  let key: Json = null;
  let context: Json = {};
  let etag = "";
  /** How many answers to CONTEXT are owed. */
  let owed = 0;
  let welcomed = false;
  let version = 0;
  let events: EventSource | undefined;
  /** Ends the request that is in progress: a newer one replaces it. */
  let request = new AbortController();

  const socket: SocketLike = {
    binaryType: "arraybuffer",
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (data) => hear(decode(data) as unknown as ClientFrame),
    close() {
      closed = true;
      request.abort();
      events?.close();
    },
  };
  queueMicrotask(() => socket.onopen?.({} as never));

  function hear([kind, ...elements]: ClientFrame): void {
    if (kind === type.HELLO) {
      [key = null, , context = {}] = elements;
      refetch();
    } else if (kind === type.CONTEXT) {
      [context = {}] = elements;
      etag = "";
      owed++;
      refetch();
    } else if (kind === type.EVENTS) void report(elements[0] as JsonMap);
  }

  function say(frame: ServerFrame): void {
    if (!closed) socket.onmessage?.({ data: encode(frame as unknown as Json).buffer } as never);
  }

  function end(code: number, reason = ""): void {
    if (closed) return;
    socket.close();
    if (!welcomed && code === BROKEN) unheard();
    socket.onclose?.({ code, reason } as never);
  }

  function refetch(): void {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const broken = (): void => {
      if (!signal.aborted) end(BROKEN);
    };
    const cancel = clock.after(ANSWER_TIMEOUT_MS, broken);
    signal.addEventListener("abort", cancel);
    evaluate(signal).catch(broken).finally(cancel);
  }

  async function evaluate(signal: AbortSignal): Promise<void> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
    };
    if (etag) headers["if-none-match"] = etag;
    // Not the browser's own cache, whose 304 would look like a whole answer.
    const response = await fetch(bulk, {
      method: "POST",
      headers,
      body: JSON.stringify({ context }),
      signal,
      cache: "no-store",
    });
    if (response.ok) {
      const evaluation = (await response.json()) as Evaluation;
      if (signal.aborted) return;
      etag = response.headers.get("etag") ?? "";
      hold(evaluation);
    } else if (response.status !== 304) {
      await refuse(response);
      return;
    }
    for (; owed > 0; owed--) say([type.DELTA, null, version, 0, {}, [], null, null]);
  }

  function hold({ flags, metadata, eventStreams }: Evaluation): void {
    // Anything may answer with JSON; only a hub names both.
    check(flags && eventStreams);
    version = Math.max(version, metadata?.version ?? 0);
    const stream = eventStreams.find((each) => each.type === "sse");
    const heartbeat = stream?.heartbeatSeconds ?? 0;
    if (!welcomed) {
      const { flagSetId = "" } = metadata ?? {};
      say([type.WELCOME, "sse", "", version, type.SNAPSHOT_FOLLOWS, heartbeat, flagSetId]);
    }
    welcomed = true;
    const values = flags.map(({ key: flag, value, variant, reason, errorCode, metadata: of }) => [
      flag,
      [
        value ?? null,
        variant ?? null,
        errorCode ? "ERROR" : (of?.reason ?? reason ?? "DEFAULT"),
        of?.flagVersion ?? 0,
        ...notesOf(of),
      ],
    ]);
    say([type.SNAPSHOT, version, Object.fromEntries(values), null]);
    if (!events && !closed) listen(stream);
  }

  function listen(stream: EventStream | undefined): void {
    const address = stream?.url ?? stream?.endpoint?.requestUri;
    if (!address) {
      end(BROKEN);
      return;
    }
    const source = new EventSource(new URL(address, stream?.endpoint?.origin ?? bulk));
    events = source;
    // Also after every loss, which it fixes by itself: what changed in between is fetched.
    source.onopen = refetch;
    source.onmessage = ({ data }) => {
      if (JSON.parse(data).type === "refetchEvaluation") refetch();
    };
    // The client gives up a connection on which it hears nothing for long, here as over a socket.
    source.addEventListener("heartbeat", () => say([type.PING]));
    source.onerror = () => {
      if (source.readyState === source.CLOSED) end(BROKEN);
    };
  }

  async function refuse(response: Response): Promise<void> {
    const seconds = Number(response.headers.get("retry-after"));
    if (seconds > 0) say([type.GOAWAY, seconds * 1000, seconds * 1500]);
    const code = REFUSALS[response.status];
    // A proxy may answer with these too, and has no say in who is let in.
    const details = code && ((await response.json()) as { errorDetails?: string }).errorDetails;
    end((details && code) || BROKEN, details || "");
  }

  async function report(batch: JsonMap): Promise<void> {
    try {
      const { ok, status } = await fetch(eventsUrl(url), {
        method: "POST",
        headers: { "content-type": "text/plain" },
        body: JSON.stringify({ key, ...batch }),
      });
      if (ok) say([type.ACK, batch.id as string]);
      else if (status === 404) say([type.ERROR, "events_unsupported", "events are not supported", false]);
    } catch {
      // Said again, since it was not acknowledged.
    }
  }

  return socket;
}

/** What people noted about a flag, if anything, without what a hub adds of its own. */
function notesOf(metadata: FlagMetadata = {}): FlagMetadata[] {
  const { flagVersion, version, flagSetId, contextId, reason, ...notes } = metadata;
  return Object.keys(notes).length > 0 ? [notes] : [];
}
