/**
 * An OpenFeature provider for browsers: `@openfeature/web-sdk` over the browser client. The static context is the
 * client's; what the client hears becomes OpenFeature's events. It never evaluates by itself.
 */

import type {
  EvaluationContext,
  Hook,
  JsonValue,
  OpenFeatureError,
  Provider,
  ResolutionDetails,
  TrackingEventDetails,
} from "@openfeature/web-sdk";
import {
  ErrorCode,
  GeneralError,
  InvalidContextError,
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
} from "@openfeature/web-sdk";
import { createClient } from "../client.js";
import { platformClock } from "../clock.js";
import { WELCOME } from "../frames.js";
import type { Inside, WithInside } from "../inside.js";
import { nothing } from "../json.js";
import type { ClientError, ClientOptions, Context, FlagClient, Status } from "../types.js";
import type { Surroundings } from "./resolution.js";
import { objectResolution, resolution } from "./resolution.js";

export interface WebProviderOptions extends Omit<ClientOptions, "context"> {
  /**
   * How many milliseconds initialization waits for first values before it is called failed. Values that arrive later
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
  /** Whether the last event said something other than that all is well. */
  #unwell = true;
  /** Whether there are values, which may become stale. */
  #serving = false;
  /** The end of initialization and of a change of the context have events of their own. */
  #initializing = false;
  #reconciling = 0;
  /** Which environment the values are of, as the hub said last. */
  #flagSetId: string | undefined;
  /** Why the client was last refused, why it could not connect, and what is wrong with the context. */
  #refusal = "the hub refused this client";
  #obstacle: string | undefined;
  #invalid: string | undefined;

  /** Nothing is connected before OpenFeature initializes the provider. */
  constructor(options: WebProviderOptions) {
    this.#options = options;
    this.hooks = options.hooks ?? [];
  }

  async initialize(context: EvaluationContext = {}): Promise<void> {
    const { initializeTimeoutMs = 10_000, contextTimeoutMs: _, hooks: __, ...options } = this.#options;
    this.#client?.close();
    this.#client = undefined;
    let client: FlagClient;
    try {
      client = createClient({ ...options, context: context as Context });
    } catch (error) {
      throw this.#broken(new ProviderFatalError((error as Error).message));
    }
    this.#client = client;
    this.#serving = false;
    this.#invalid = undefined;
    this.#initializing = true;
    this.#watch((client as unknown as WithInside).inside);
    client.on("error", (error) => this.#failed(error));
    client.on("status", (status) => this.#turned(client, status));
    client.on("change", ({ keys, committedAt }) => this.#changed(keys, committedAt));
    const there = await client.ready(initializeTimeoutMs);
    if (client !== this.#client)
      throw new ProviderNotReadyError("the provider was shut down while it initialized");
    this.#initializing = false;
    this.#serving = there;
    if (there) {
      this.#recover(client, "initialized");
      return;
    }
    if (this.#invalid) throw this.#broken(new InvalidContextError(this.#invalid));
    const why = client.status === "stopped" ? this.#refusal : this.#obstacle;
    throw this.#broken(
      new GeneralError(why ?? `no values within ${initializeTimeoutMs} ms: the hub is not responding`),
    );
  }

  async onContextChange(_former: EvaluationContext, next: EvaluationContext): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const { contextTimeoutMs = 10_000, clock = platformClock } = this.#options;
    this.#reconciling++;
    this.#invalid = undefined;
    this.#emit(ProviderEvents.Reconciling);
    try {
      const identified = client.identify(next as Context);
      let cancel = nothing;
      const late = new Promise<"late">((resolve) => {
        cancel = clock.after(contextTimeoutMs, () => resolve("late"));
      });
      const outcome = await Promise.race([identified, late]).finally(cancel);
      if (outcome === "late") {
        void identified.then((there) => there && this.#recover(client, "connected"));
        throw this.#broken(
          new GeneralError(
            `no values of the new context within ${contextTimeoutMs} ms: cannot reach the hub`,
          ),
        );
      }
      if (this.#invalid) throw this.#broken(new InvalidContextError(this.#invalid));
      if (!outcome && client.status === "stopped") throw this.#broken(new GeneralError(this.#refusal));
      if (client === this.#client) this.#emit(ProviderEvents.ContextChanged);
    } finally {
      this.#reconciling--;
    }
  }

  /** Ends the connection. Nothing is served from then on. */
  // biome-ignore lint/suspicious/useAwait: OpenFeature asks for a promise.
  async onClose(): Promise<void> {
    this.#client?.close();
    this.#client = undefined;
  }

  resolveBooleanEvaluation(flagKey: string, defaultValue: boolean): ResolutionDetails<boolean> {
    return resolution(this.#ready().detail(flagKey, defaultValue), this.#around(flagKey));
  }

  resolveStringEvaluation(flagKey: string, defaultValue: string): ResolutionDetails<string> {
    return resolution(this.#ready().detail(flagKey, defaultValue), this.#around(flagKey));
  }

  resolveNumberEvaluation(flagKey: string, defaultValue: number): ResolutionDetails<number> {
    return resolution(this.#ready().detail(flagKey, defaultValue), this.#around(flagKey));
  }

  resolveObjectEvaluation<T extends JsonValue>(flagKey: string, defaultValue: T): ResolutionDetails<T> {
    const client = this.#ready();
    return objectResolution((none) => client.detail(flagKey, none), defaultValue, this.#around(flagKey));
  }

  track(event: string, _context?: EvaluationContext, details?: TrackingEventDetails): void {
    this.#client?.track(event, details?.value);
  }

  /** @throws ProviderNotReadyError before initialization and after shutdown. */
  #ready(): FlagClient {
    if (!this.#client) throw new ProviderNotReadyError("the provider is not initialized");
    return this.#client;
  }

  #around(flagKey: string): Surroundings {
    const client = this.#ready();
    const { inside } = client as unknown as WithInside;
    return {
      notes: inside.state()?.values.get(flagKey)?.[4],
      version: client.version,
      flagSetId: this.#flagSetId,
      contextId: client.context.targetingKey,
    };
  }

  /** Hears which environment the hub serves, which the client has no use for. */
  #watch(inside: Inside): void {
    const { receive } = inside;
    inside.receive = (frame) => {
      if (frame[0] === WELCOME) this.#flagSetId = frame[6];
      receive(frame);
    };
  }

  #failed({ code, message, temporary }: ClientError): void {
    if (code === "context") this.#invalid = message;
    else if (code === "unreachable") this.#obstacle = message;
    else if (!temporary) this.#refusal = message;
  }

  #turned(client: FlagClient, status: Status): void {
    if (client !== this.#client || this.#initializing) return;
    if (status === "live") {
      this.#recover(client, "connected");
      this.#serving = true;
    } else if (status === "stopped") {
      this.#unwell = true;
      // Not fatal, or OpenFeature would serve defaults in place of what the client still holds.
      this.events.emit(ProviderEvents.Error, { message: this.#refusal, errorCode: ErrorCode.GENERAL });
    } else if ((status === "reconnecting" || status === "paused") && this.#serving) {
      this.#unwell = true;
      this.events.emit(ProviderEvents.Stale, { message: `${status}: serving the last values` });
    }
  }

  /** Signals that all is well, where the last event said otherwise. */
  #recover(client: FlagClient, message: string): void {
    if (client !== this.#client || !this.#unwell) return;
    this.#unwell = false;
    this.events.emit(ProviderEvents.Ready, { message });
  }

  /** Signals an error, which is then thrown. */
  #broken<E extends OpenFeatureError>(error: E): E {
    this.#unwell = true;
    this.events.emit(ProviderEvents.Error, { message: error.message, errorCode: error.code });
    return error;
  }

  /** The emitter's type has only the events that providers could emit before requirement 2.8. */
  #emit(event: ProviderEvents.Reconciling | ProviderEvents.ContextChanged): void {
    this.events.emit(event as never, {});
  }

  #changed(flagsChanged: readonly string[], committedAt: number | null): void {
    if (this.#initializing || (this.#reconciling > 0 && committedAt === null)) return;
    this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flagsChanged] });
  }
}
