import type {
  AnyFlags,
  ClientError,
  Clock,
  ContextLike,
  Detail,
  ErrorCode,
  Json,
  KeyOf,
  Served,
  SocketConstructor,
  Status,
  ValueOf,
} from "../types.js";

/**
 * As the browser client's, and `offline`: rules come from a file, from `bootstrap` or from nowhere, and no hub is asked.
 * It never becomes `paused`.
 */
export type ServerStatus = Exclude<Status, "paused"> | "offline";

/** Why the caller's default was returned. Newer engines may have others. */
export type ServerErrorCode = ErrorCode | "TARGETING_KEY_MISSING" | "INVALID_CONTEXT";

/** A flag's value with the reason for it. */
export interface ServerDetail<T> extends Omit<Detail<T>, "errorCode"> {
  /** The rule that matched: its id, and its place from 0. */
  readonly ruleId?: string;
  readonly ruleIndex?: number;
  /** The first prerequisite that failed. */
  readonly prerequisite?: string;
  readonly errorCode?: ServerErrorCode;
}

/** The payload of `change`. */
export interface ServerChange {
  /** The flags whose rules changed, or those of something that they depend on. Never empty. */
  readonly keys: readonly string[];
  /** The environment's version that the rules now are of. */
  readonly version: number;
  /** When the change was committed, in milliseconds since 1970 by the hub's clock; null where that is not known. */
  readonly committedAt: number | null;
}

/** The payload of `change:KEY`: what it now serves depends on the context. */
export interface ServerFlagChange extends Omit<ServerChange, "keys"> {
  readonly key: string;
}

export interface ServerEvents {
  /** Rules changed. Everything is in place when it fires. */
  change: (change: ServerChange) => void;
  /** The status changed. */
  status: (status: ServerStatus) => void;
  /** Something failed. Without a listener, errors go to `console.warn`, those that are not temporary to `console.error`. */
  error: (error: ClientError) => void;
}

export interface ServerClient<Flags extends object = AnyFlags> {
  readonly status: ServerStatus;
  /** The environment's version that the rules are of; 0 before any has arrived. */
  readonly version: number;
  /** Which environment the rules are of, as `project/environment`; undefined where no hub has said. */
  readonly flagSetId?: string | undefined;
  /**
   * Resolves true as soon as there are rules: from the hub, a file or a bootstrap. Resolves false when `timeoutMs`
   * passes first, or when the client is stopped or closed. Never rejects. Without `timeoutMs` it waits for as long as
   * the hub is away.
   */
  ready(timeoutMs?: number): Promise<boolean>;
  /** The value of a boolean flag for a context, or `defaultValue` where it is unknown, of another type, or serves none. */
  bool(key: KeyOf<Flags, boolean>, defaultValue: boolean, context?: ContextLike): boolean;
  /** The value of a string flag, or `defaultValue`. */
  string<Key extends KeyOf<Flags, string>>(
    key: Key,
    defaultValue: ValueOf<Flags, Key, string>,
    context?: ContextLike,
  ): ValueOf<Flags, Key, string>;
  /** The value of a number flag, or `defaultValue`. */
  number(key: KeyOf<Flags, number>, defaultValue: number, context?: ContextLike): number;
  /** The value of an object flag, or `defaultValue`. Its shape is not checked; the value is frozen. */
  object<T extends object>(key: KeyOf<Flags, object>, defaultValue: T, context?: ContextLike): T;
  /** The value with its reason. The type asked for is that of `defaultValue`; null asks for any. */
  detail(key: string, defaultValue: boolean, context?: ContextLike): ServerDetail<boolean>;
  detail(key: string, defaultValue: string, context?: ContextLike): ServerDetail<string>;
  detail(key: string, defaultValue: number, context?: ContextLike): ServerDetail<number>;
  detail(key: string, defaultValue: null, context?: ContextLike): ServerDetail<Json>;
  detail<T extends object>(key: string, defaultValue: T, context?: ContextLike): ServerDetail<T>;
  /**
   * Every flag that serves the context a value; with `clientVisible`, only those that a browser may see, which is what
   * a page is given as its `bootstrap`. Not counted as usage.
   */
  allFlags(context?: ContextLike, options?: { readonly clientVisible?: boolean | undefined }): Served<Flags>;
  /** Reports something that a context did, as a purchase. A value that is not finite is left out. */
  track(event: string, context?: ContextLike, value?: number): void;
  /** Calls `listener` on every such event; returns the function that ends it. */
  on<E extends keyof ServerEvents>(event: E, listener: ServerEvents[E]): () => void;
  /** `change:KEY` fires when the rules of that one flag, or of something it depends on, changed. */
  on(event: `change:${string}`, listener: (change: ServerFlagChange) => void): () => void;
  /**
   * Tells the hub what it has not been told, for two seconds at most, and ends the connection and every timer. The last
   * rules remain readable.
   */
  close(): Promise<void>;
}

export interface ServerOptions {
  /** A server key (`pbs_…`), a secret: it gives every rule. Not needed with `file` or `offline`. */
  readonly key?: string | undefined;
  /** The hub's SDK address, as for browsers. Not needed with `file` or `offline`. */
  readonly url?: string | undefined;
  /** A ruleset as JSON to evaluate by in place of a hub's, read again when it changes. */
  readonly file?: string | undefined;
  /** Asks no hub: serves from `bootstrap`, or defaults. */
  readonly offline?: boolean | undefined;
  /** A ruleset as a server key receives it, to start from until the hub's arrives. */
  readonly bootstrap?: Json | undefined;
  /**
   * A file in which the hub's last rules are kept, so that a process that starts while the hub is away starts from them.
   * They win over `bootstrap`. A file that is damaged or of another key is ignored, with an `error`.
   */
  readonly rulesFile?: string | undefined;
  /** Whether to count evaluations, and to send what `track` reports. Default: true. */
  readonly usage?: boolean | undefined;
  /** The socket's constructor. Default: the global one, else that of the `ws` package, which Node 20 needs. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** Default: the platform's timers and `performance.now`. */
  readonly clock?: Clock | undefined;
  /** A number in [0, 1), for jitter. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}
