import type { ServerClient } from "../node/types.js";
import type { AnyFlags, Context, ContextLike, ErrorCode, FlagClient, Json } from "../types.js";

/** What a flag serves in a test: a value, or a function that decides by the context. `undefined` serves the default. */
export type TestValue<Value> = Value | ((context: Context) => Value | undefined);

/** The flags of a test by key. A flag that is not among them is unknown, as it would be in production. */
export type TestFlags<Flags> = string extends keyof Flags
  ? { readonly [key: string]: TestValue<Exclude<Json, null>> | undefined }
  : { readonly [Key in keyof Flags]?: TestValue<Flags[Key]> | undefined };

/** One read of a flag. */
export interface Read {
  /** What was served; undefined where the caller got its default. */
  readonly value: Json | undefined;
  readonly reason: string;
  /** Why the caller got its default, where that was a mistake: `FLAG_NOT_FOUND`, `TYPE_MISMATCH`, … */
  readonly errorCode?: ErrorCode | (string & {}) | undefined;
  /** For whom it was read. */
  readonly context: Context;
}

/** One call of `track`. */
export interface Tracked {
  readonly value: number | undefined;
  readonly context: Context;
}

/** What a test does with the flags, beside reading them. */
export interface TestControls<Flags extends object = AnyFlags> {
  /** Serves another value from now on. Listeners hear of it, and components render, before this returns. */
  set<Key extends keyof Flags & string>(key: Key, value: TestValue<Flags[Key]>): void;
  /** The same for several flags, as one change. */
  set(flags: TestFlags<Flags>): void;
  /** Makes a flag unknown. */
  remove(key: keyof Flags & string): void;
  /** Every read of a flag so far, the oldest first. */
  reads(key: keyof Flags & string): readonly Read[];
  /** Every call of `track` with this event so far, the oldest first. */
  tracked(event: string): readonly Tracked[];
  /** Forgets what was read and tracked, and keeps the flags. */
  forget(): void;
}

/** A browser's client without a hub. */
export interface TestClient<Flags extends object = AnyFlags> extends FlagClient<Flags>, TestControls<Flags> {
  /** Ends the connection: the status becomes `reconnecting`, and the last values are served. */
  goOffline(): void;
  /** Connects again: the status becomes `live`, with the values that were set meanwhile. */
  goOnline(): void;
}

/** A server's client without a hub. */
export interface TestServerClient<Flags extends object = AnyFlags>
  extends ServerClient<Flags>,
    TestControls<Flags> {}

export interface TestClientOptions {
  /** For whom flags are evaluated at first. Default: `{}`. */
  readonly context?: ContextLike | undefined;
  /** False starts without a connection and without values, until `goOnline`. Default: true. */
  readonly online?: boolean | undefined;
}
