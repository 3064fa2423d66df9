import type { ServerClient } from "../node/types.js";
import type { AnyFlags, Clock, Json } from "../types.js";

export interface WorkerOptions {
  /** A server key (`pbs_…`), a secret: keep it in the runtime's secrets. */
  readonly key: string;
  /** The hub's SDK address: `https://flags.example.com`. */
  readonly url: string;
  /** For how many milliseconds rules are used before `refresh` asks for newer ones. Default: 10,000. */
  readonly maxAgeMs?: number | undefined;
  /** How many milliseconds pass between two batches that `flush` sends; 0 sends with every call. Default: 10,000. */
  readonly flushEveryMs?: number | undefined;
  /** How many milliseconds a request to the hub may take. Default: 2,000. */
  readonly timeoutMs?: number | undefined;
  /** A ruleset to start from until the hub's is there. */
  readonly bootstrap?: Json | undefined;
  /** Whether to count evaluations, and to send what `track` reports. Default: true. */
  readonly usage?: boolean | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Default: the platform's timers and `performance.now`. */
  readonly clock?: Clock | undefined;
}

/** Reads flags by rules that it fetches when it is told to: it holds no connection and starts no timer. */
export interface WorkerClient<Flags extends object = AnyFlags>
  extends Pick<
    ServerClient<Flags>,
    "version" | "bool" | "string" | "number" | "object" | "detail" | "allFlags" | "track"
  > {
  /** Why the last request to the hub failed; null after one that succeeded. */
  readonly lastError: Error | null;
  /**
   * Fetches the rules where those held are older than `maxAgeMs`, or there are none. Resolves true where there are rules
   * to read by, also older ones while the hub is away; false where there are none. Never rejects. Call it for every
   * request: most calls ask no one.
   */
  refresh(): Promise<boolean>;
  /**
   * Sends what was counted and tracked, unless the last batch was sent less than `flushEveryMs` ago. Resolves once the
   * hub has it, or cannot be reached: the rest is sent by a later call. Never rejects. Call it for every request, and pass
   * it to the runtime's `waitUntil`.
   */
  flush(): Promise<void>;
}
