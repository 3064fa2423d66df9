/**
 * An OpenFeature provider for browsers: `@openfeature/web-sdk` over the browser client. The static context is the
 * client's; what the client hears becomes OpenFeature's events. It never evaluates by itself.
 */

import type {
  EvaluationContext,
  Hook,
  JsonValue,
  Provider,
  ResolutionDetails,
  TrackingEventDetails,
} from "@openfeature/web-sdk";
import {
  ErrorCode,
  GeneralError,
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
} from "@openfeature/web-sdk";
import { createClient } from "../client.js";
import { platformClock } from "../clock.js";
import { nothing } from "../json.js";
import type { ClientError, ClientOptions, Context, FlagClient, Status } from "../types.js";
import { objectResolution, resolution } from "./resolution.js";

export interface WebProviderOptions extends Omit<ClientOptions, "context"> {
  /**
   * How many milliseconds initialisation waits for first values before it is called failed. Values that arrive later
   * make the provider ready all the same. Default: 10,000.
   */
  readonly initializeTimeoutMs?: number | undefined;
  /**
   * How many milliseconds a change of the context waits for its values before it is called failed, as it is while the
   * hub is away. The former values are served until then, and the provider is ready once the new ones are there.
   * Default: 10,000.
   */
  readonly contextTimeoutMs?: number | undefined;
  /** Hooks of the provider's own, run with every evaluation. */
  readonly hooks?: Hook[] | undefined;
}

export class PeekabooWebProvider implements Provider {
  readonly metadata = { name: "peekaboo" } as const;
  readonly runsOn = "client" as const;
  readonly events = new OpenFeatureEventEmitter();
  readonly hooks: Hook[];

  readonly #options: WebProviderOptions;
  #client: FlagClient | undefined;
  /** Whether OpenFeature was told, by initialisation's end or an event, something other than that all is well. */
  #unwell = false;
  /** Whether there are values, which may become stale. */
  #serving = false;
  /** Initialisation's end and a context's arrival are announced by OpenFeature itself. */
  #initializing = false;
  #reconciling = 0;
  /** Why the client was last refused. */
  #refusal = "the hub refuses this client";

  /** Nothing is connected before OpenFeature initialises the provider. */
  constructor(options: WebProviderOptions) {
    this.#options = options;
    this.hooks = options.hooks ?? [];
  }

  async initialize(context: EvaluationContext = {}): Promise<void> {
    const { initializeTimeoutMs = 10_000, contextTimeoutMs: _, hooks: __, ...options } = this.#options;
    this.#client?.close();
    let client: FlagClient;
    try {
      client = createClient({ ...options, context: context as Context });
    } catch (error) {
      throw new ProviderFatalError((error as Error).message);
    }
    this.#client = client;
    this.#unwell = this.#serving = false;
    this.#initializing = true;
    client.on("error", (error) => this.#failed(error));
    client.on("status", (status) => this.#turned(client, status));
    client.on("change", ({ keys, committedAt }) => this.#changed(keys, committedAt));
    const there = await client.ready(initializeTimeoutMs);
    this.#initializing = false;
    this.#serving = there;
    if (there) return;
    this.#unwell = true;
    if (client.status === "stopped") throw new GeneralError(this.#refusal);
    throw new GeneralError(`no values within ${initializeTimeoutMs} ms: the hub cannot be reached yet`);
  }

  async onContextChange(_former: EvaluationContext, next: EvaluationContext): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const { contextTimeoutMs = 10_000, clock = platformClock } = this.#options;
    this.#reconciling++;
    try {
      const identified = client.identify(next as Context);
      let cancel = nothing;
      const late = new Promise<"late">((resolve) => {
        cancel = clock.after(contextTimeoutMs, () => resolve("late"));
      });
      const outcome = await Promise.race([identified, late]).finally(cancel);
      if (outcome === "late") {
        this.#unwell = true;
        void identified.then((there) => there && this.#recover(client));
        throw new GeneralError(
          `no values of the new context within ${contextTimeoutMs} ms: the hub cannot be reached`,
        );
      }
      if (!outcome && client.status === "stopped") {
        this.#unwell = true;
        throw new GeneralError(this.#refusal);
      }
    } finally {
      this.#reconciling--;
    }
  }

  // biome-ignore lint/suspicious/useAwait: OpenFeature asks for a promise.
  async onClose(): Promise<void> {
    this.#client?.close();
  }

  resolveBooleanEvaluation(flagKey: string, defaultValue: boolean): ResolutionDetails<boolean> {
    return resolution(this.#ready().detail(flagKey, defaultValue));
  }

  resolveStringEvaluation(flagKey: string, defaultValue: string): ResolutionDetails<string> {
    return resolution(this.#ready().detail(flagKey, defaultValue));
  }

  resolveNumberEvaluation(flagKey: string, defaultValue: number): ResolutionDetails<number> {
    return resolution(this.#ready().detail(flagKey, defaultValue));
  }

  resolveObjectEvaluation<T extends JsonValue>(flagKey: string, defaultValue: T): ResolutionDetails<T> {
    return objectResolution((none) => this.#ready().detail(flagKey, none), defaultValue);
  }

  track(event: string, _context?: EvaluationContext, details?: TrackingEventDetails): void {
    this.#client?.track(event, details?.value);
  }

  #ready(): FlagClient {
    // OpenFeature evaluates nothing before initialisation.
    if (!this.#client) throw new GeneralError("the provider has not been initialised");
    return this.#client;
  }

  #failed(error: ClientError): void {
    if (!error.temporary) this.#refusal = error.message;
  }

  #turned(client: FlagClient, status: Status): void {
    if (client !== this.#client || this.#initializing) return;
    if (status === "live") {
      this.#recover(client);
      this.#serving = true;
    } else if (status === "stopped") {
      this.#unwell = true;
      // Not fatal, or OpenFeature would serve defaults in place of what the client still holds.
      this.events.emit(ProviderEvents.Error, { message: this.#refusal, errorCode: ErrorCode.GENERAL });
    } else if ((status === "reconnecting" || status === "paused") && this.#serving) {
      this.#unwell = true;
      this.events.emit(ProviderEvents.Stale, { message: `${status}: the last values are served` });
    }
  }

  /** Tells OpenFeature that all is well, where it was told otherwise. */
  #recover(client: FlagClient): void {
    if (client !== this.#client || !this.#unwell) return;
    this.#unwell = false;
    this.events.emit(ProviderEvents.Ready, { message: "connected" });
  }

  #changed(flagsChanged: readonly string[], committedAt: number | null): void {
    if (this.#initializing || (this.#reconciling > 0 && committedAt === null)) return;
    this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flagsChanged] });
  }
}
