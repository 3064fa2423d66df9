/** What a flag's value or a context attribute may hold: JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Whom flags are evaluated for: OpenFeature's evaluation context. `targetingKey` names the user (or device, or
 * organization) that percentages stick to; every other attribute may be any JSON, and rules reach into it with
 * JSON Pointers (`/org/plan`). `undefined` attributes are left out.
 */
export interface Context {
  readonly targetingKey?: string | undefined;
  readonly [attribute: string]: Json | undefined;
}

/**
 * What is accepted as a context: a `Context`, or an object whose type is an interface or a class of the application's.
 * Those have no index signature, so the compiler checks only their `targetingKey`; attributes are read as JSON.
 */
export type ContextLike = Context | (object & { readonly targetingKey?: string | undefined });

/**
 * Flags by key, where their types are not declared: any key, any value. `peekaboo types` writes an interface of a
 * project's own flags to put in its place: `createClient<Flags>(…)`.
 */
export interface AnyFlags {
  readonly [key: string]: Json;
}

/** The keys of the flags whose values are of a type. */
export type KeyOf<Flags, Type> = string extends keyof Flags
  ? string
  : { [Key in keyof Flags]: Flags[Key] extends Type ? Key : never }[keyof Flags] & string;

/** What a flag serves, by its declaration; `Type` where none of the flags is declared. */
export type ValueOf<Flags, Key, Type> = string extends keyof Flags
  ? Type
  : Key extends keyof Flags
    ? Flags[Key]
    : never;

/** The flags that serve a value. */
export type Served<Flags> = string extends keyof Flags
  ? Record<string, Json>
  : { [Key in keyof Flags]?: Flags[Key] };

/**
 * - `connecting`: the first attempt (or the first after `paused`) is on its way
 * - `live`: values are those of this moment; changes arrive as they are made
 * - `reconnecting`: the connection was lost or refused for now; the last values are served while it is retried
 * - `paused`: closed because the page has been hidden for long, until it is shown; or not opened because the client was
 *   created with an invalid context, until `identify` gives another
 * - `stopped`: the hub refuses this client (an invalid or revoked key, a forbidden origin …); see the `error` event. The
 *   last values are served, and it is tried again every few minutes in case the refusal passes
 * - `closed`: `close()` was called
 *
 * Values can be read in every one of them.
 */
export type Status = "connecting" | "live" | "reconnecting" | "paused" | "stopped" | "closed";

/** Why a flag has its value, in OpenFeature's words. Newer hubs may send others. */
export type Reason =
  | "STATIC"
  | "DEFAULT"
  | "TARGETING_MATCH"
  | "SPLIT"
  | "DISABLED"
  | "PREREQUISITE_FAILED"
  | "CACHED"
  | "OVERRIDE"
  | "ERROR"
  | (string & {});

/** Why the caller's default was returned. Newer hubs may lead to others. */
export type ErrorCode = "PROVIDER_NOT_READY" | "FLAG_NOT_FOUND" | "TYPE_MISMATCH" | "GENERAL";

/** What people noted about a flag, for tools: an owner, a ticket. */
export interface FlagMetadata {
  readonly [name: string]: boolean | number | string;
}

/** A flag's value with the reason for it. */
export interface Detail<T> {
  readonly value: T;
  /** The variation served; null where the value is the caller's default or came from a bootstrap. */
  readonly variation: string | null;
  readonly reason: Reason;
  /** Rises with every change of the flag; absent where the flag is unknown. */
  readonly flagVersion?: number | undefined;
  /** What people noted about the flag, for tools. Absent where there is nothing. */
  readonly flagMetadata?: FlagMetadata | undefined;
  readonly errorCode?: ErrorCode;
  /** For people. */
  readonly errorDetails?: string;
}

/** The payload of `change`. */
export interface Change {
  /** The flags whose value changed, appeared or went. Never empty. */
  readonly keys: readonly string[];
  /** The environment's version that the values now are of; 0 for a bootstrap. */
  readonly version: number;
  /** When the change was committed, in milliseconds since 1970 by the hub's clock; null for values that came for another reason. */
  readonly committedAt: number | null;
}

/** The payload of `change:KEY`. */
export interface FlagChange<Value = Json> {
  readonly key: string;
  /** The new value; undefined once the flag is gone or serves the caller's default. */
  readonly value: Value | undefined;
  readonly previous: Value | undefined;
  readonly version: number;
  readonly committedAt: number | null;
}

/** The payload of `error`: data, not an exception. */
export interface ClientError {
  /**
   * The close code by which the hub refused (4500–4999), the code of the hub's ERROR, or one of the client's own:
   * - `context`: the context is not one, so defaults are served
   * - `unreachable`: no connection can be made, and why: nothing listens there, or something that is not a hub
   * - `protocol`, `socket`: the hub sent something malformed; a socket could not be made
   */
  readonly code: number | string;
  readonly message: string;
  /** False where someone has to fix something: the client's options, its key, or the hub. */
  readonly temporary: boolean;
}

export interface ClientEvents {
  /** Some values changed. Everything is in place when it fires: read flags freely. */
  change: (change: Change) => void;
  /** The status changed. */
  status: (status: Status) => void;
  /** Something failed. Without a listener, errors that are not temporary go to `console.error`. */
  error: (error: ClientError) => void;
}

/**
 * Reads flags, and follows them. `Flags` declares a value's type for each key; without it every key and every type is
 * allowed.
 */
export interface FlagClient<Flags = AnyFlags> {
  readonly status: Status;
  /** The environment's version that the values are of; 0 before any has arrived. */
  readonly version: number;
  /** Whom the flags are evaluated for, as last given; with the stable id where the visitor is anonymous. */
  readonly context: Context;
  /**
   * Resolves true as soon as there are values to read: from a bootstrap, from the last visit or from the hub.
   * Resolves false when `timeoutMs` passes first, when the client is stopped or closed, and when the context is invalid.
   * Never rejects. Without `timeoutMs` it waits for as long as the hub is away.
   */
  ready(timeoutMs?: number): Promise<boolean>;
  /** The value of a boolean flag, or `defaultValue` where it is unknown, of another type, or serves no variation. */
  bool(key: KeyOf<Flags, boolean>, defaultValue: boolean): boolean;
  /** The value of a string flag, or `defaultValue`. */
  string<Key extends KeyOf<Flags, string>>(
    key: Key,
    defaultValue: ValueOf<Flags, Key, string>,
  ): ValueOf<Flags, Key, string>;
  /** The value of a number flag, or `defaultValue`. */
  number<Key extends KeyOf<Flags, number>>(
    key: Key,
    defaultValue: ValueOf<Flags, Key, number>,
  ): ValueOf<Flags, Key, number>;
  /** The value of an object flag, or `defaultValue`. Its shape is not checked; the value is frozen. */
  object<T extends ValueOf<Flags, Key, object>, Key extends KeyOf<Flags, object> = KeyOf<Flags, object>>(
    key: Key,
    defaultValue: T,
  ): string extends keyof Flags ? T : ValueOf<Flags, Key, object>;
  /** The value with its reason. The type asked for is that of `defaultValue`; null asks for any. */
  detail<Key extends KeyOf<Flags, boolean>>(key: Key, defaultValue: boolean): Detail<boolean>;
  detail<Key extends KeyOf<Flags, string>>(
    key: Key,
    defaultValue: ValueOf<Flags, Key, string>,
  ): Detail<ValueOf<Flags, Key, string>>;
  detail<Key extends KeyOf<Flags, number>>(
    key: Key,
    defaultValue: ValueOf<Flags, Key, number>,
  ): Detail<ValueOf<Flags, Key, number>>;
  detail<Key extends KeyOf<Flags, unknown>>(
    key: Key,
    defaultValue: null,
  ): Detail<ValueOf<Flags, Key, Json> | null>;
  detail<T extends ValueOf<Flags, Key, object>, Key extends KeyOf<Flags, object> = KeyOf<Flags, object>>(
    key: Key,
    defaultValue: T,
  ): Detail<string extends keyof Flags ? T : ValueOf<Flags, Key, object>>;
  /** Every flag that serves a value. What a server renders into a page as its `bootstrap`. */
  allFlags(): Served<Flags>;
  /** Calls `listener` on every such event; returns the function that ends it. */
  on<E extends keyof ClientEvents>(event: E, listener: ClientEvents[E]): () => void;
  /** `change:KEY` fires when that one flag's value changed. */
  on<Key extends KeyOf<Flags, unknown>>(
    event: `change:${Key}`,
    listener: (change: FlagChange<ValueOf<Flags, Key, Json>>) => void,
  ): () => void;
  /**
   * Evaluates again for another context. Until its values arrive the previous ones are served. Resolves true once
   * values of this context (or of one given later) are in place, also across a lost connection; false when
   * `timeoutMs` passes first, or when the client is stopped or closed. Never rejects: for what cannot be a context
   * (not JSON, a `targetingKey` that is not a string, more than 15 KiB, nested deeper than 30 levels) there is an
   * `error`, the former context stays in force, and it resolves false.
   */
  identify(context: ContextLike, timeoutMs?: number): Promise<boolean>;
  /**
   * Tells the hub that something happened that experiments measure: a purchase, a sign-up; `value` says how much. It
   * counts for the context of this moment, and is sent with the usage. Does nothing where `usage` is false.
   */
  track(event: string, value?: number): void;
  /** Ends the connection and every timer. The last values remain readable. */
  close(): void;
}

/** The part of the Web Storage API that is used; `localStorage` is one. */
export interface ValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The part of a browser's `WebSocket` that is used. */
export interface SocketLike {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** A constructor as browsers, Node 22+ (`globalThis.WebSocket`) and the `ws` package have it. */
export type SocketConstructor = (new (
  url: string,
  protocols: string,
) => SocketLike) & {
  /** Where the sockets are not the network's own (`shareTabs`): the constructor of those. */
  readonly direct?: SocketConstructor;
};

/** Time as the client sees it. */
export interface Clock {
  /** Milliseconds from any origin; never runs backwards. */
  now(): number;
  /** Calls back once after so many milliseconds (never, if that is Infinity); returns what prevents it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The part of `document` that is used to see whether the page is shown and the network is there. */
export interface PageLike extends PageEvents<"visibilitychange"> {
  readonly visibilityState: string;
  readonly defaultView?: PageEvents<"online"> | null;
}

/** Where listeners for one type of event are added and removed. */
export interface PageEvents<Type extends string> {
  addEventListener(type: Type, listener: () => void): void;
  removeEventListener(type: Type, listener: () => void): void;
}

export interface ClientOptions {
  /** A client key (`pbc_…`). It is public: it gives values of client-visible flags only. */
  readonly key: string;
  /**
   * The hub's SDK address: `wss://flags.example.com/sdk/v1/stream`. `http(s)` addresses and addresses without a
   * path are completed.
   */
  readonly url: string;
  /** Whom to evaluate for. Default: `{}`. */
  readonly context?: ContextLike | undefined;
  /**
   * Values to start from, as `allFlags()` gives them: rendered into the page by a server, or shipped with the
   * application. They win over values kept from the last visit, because they came with the page.
   */
  readonly bootstrap?: object | undefined;
  /**
   * Gives visitors who are not known a `targetingKey` of their own: a random id, the same on every visit, kept in the
   * storage. It is used wherever a context names none, so that `identify({})` signs a user out. Default: false.
   */
  readonly anonymous?: boolean | undefined;
  /**
   * Tells the hub which flags were read with which outcome, and what was tracked: numbers, no context but the
   * `targetingKey` of what was tracked. Default: true; false sends none of it.
   */
  readonly usage?: boolean | undefined;
  /** Where the last values are kept. Default: `localStorage` if there is one; null keeps nothing. */
  readonly storage?: ValueStorage | null | undefined;
  /** The socket's constructor. Default: the global one. Node 20 has none: pass that of the `ws` package. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** Tells whether the page is shown. Default: `document` if there is one; null never pauses. */
  readonly page?: PageLike | null | undefined;
  /** After how many milliseconds of being hidden to close the connection. Default: five minutes; Infinity: never. */
  readonly hiddenTimeoutMs?: number | undefined;
  /** Default: the platform's timers and `performance.now`. */
  readonly clock?: Clock | undefined;
  /** A number in [0, 1), for jitter. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}
