/**
 * An OpenFeature provider for servers: `@openfeature/server-sdk` over the Node client, which evaluates each call's
 * context by the rules that it holds.
 */

import type {
  EvaluationContext,
  Hook,
  JsonValue,
  OpenFeatureError,
  Provider,
  ResolutionDetails,
  TrackingEventDetails,
} from "@openfeature/server-sdk";
import {
  ErrorCode,
  GeneralError,
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
} from "@openfeature/server-sdk";
import { createServerClient } from "../node/client.js";
import type { ServerClient, ServerDetail, ServerOptions, ServerStatus } from "../node/types.js";
import type { Context } from "../types.js";
import { resolution } from "./resolution.js";

export interface ServerProviderOptions extends ServerOptions {
  /**
   * How many milliseconds initialization waits for the rules before it is called failed. Rules that arrive later make
   * the provider ready all the same. Default: 10,000.
   */
  readonly initializeTimeoutMs?: number | undefined;
  /** Hooks of the provider's own, run with every evaluation. */
  readonly hooks?: Hook[] | undefined;
}

export class PeekabooServerProvider implements Provider {
  readonly metadata = { name: "peekaboo" } as const;
  readonly runsOn = "server" as const;
  readonly events = new OpenFeatureEventEmitter();
  readonly hooks: Hook[];

  readonly #options: ServerProviderOptions;
  #client: ServerClient | undefined;
  /** Whether the last event said something other than that all is well. */
  #unwell = true;
  /** Whether there are rules, which may become stale. */
  #serving = false;
  /** Its end has an event of its own. */
  #initializing = false;
  /** Why the client was last refused, and why it could not connect. */
  #refusal = "the hub refused this client";
  #obstacle: string | undefined;

  /** Nothing is connected before OpenFeature initializes the provider. */
  constructor(options: ServerProviderOptions) {
    this.#options = options;
    this.hooks = options.hooks ?? [];
  }

  async initialize(): Promise<void> {
    const { initializeTimeoutMs = 10_000, hooks: _, ...options } = this.#options;
    await this.onClose();
    let client: ServerClient;
    try {
      client = createServerClient(options);
    } catch (error) {
      throw this.#broken(new ProviderFatalError((error as Error).message));
    }
    this.#client = client;
    this.#serving = false;
    this.#initializing = true;
    client.on("error", ({ code, message, temporary }) => {
      if (!temporary) this.#refusal = message;
      if (code === "unreachable") this.#obstacle = message;
    });
    client.on("status", (status) => this.#turned(client, status));
    client.on("change", ({ keys }) => {
      if (this.#initializing) return;
      this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys] });
    });
    const there = await client.ready(initializeTimeoutMs);
    if (client !== this.#client)
      throw new ProviderNotReadyError("the provider was shut down while it initialized");
    this.#initializing = false;
    this.#serving = there;
    if (there) {
      this.#recover("initialized");
      return;
    }
    const why = client.status === "stopped" ? this.#refusal : this.#obstacle;
    throw this.#broken(
      new GeneralError(why ?? `no rules within ${initializeTimeoutMs} ms: the hub is not responding`),
    );
  }

  /** Sends the hub the usage that it lacks, then ends the connection. Nothing is served from then on. */
  async onClose(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }

  // OpenFeature asks for promises here; there is nothing to wait for.
  resolveBooleanEvaluation(
    flagKey: string,
    defaultValue: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve((client, of) => client.detail(flagKey, defaultValue, of), context);
  }

  resolveStringEvaluation(
    flagKey: string,
    defaultValue: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve((client, of) => client.detail(flagKey, defaultValue, of), context);
  }

  resolveNumberEvaluation(
    flagKey: string,
    defaultValue: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve((client, of) => client.detail(flagKey, defaultValue, of), context);
  }

  resolveObjectEvaluation<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve((client, of) => {
      const none = {};
      const detail: ServerDetail<object> = client.detail(flagKey, none, of);
      return { ...detail, value: (detail.value === none ? defaultValue : detail.value) as T };
    }, context);
  }

  track(event: string, context: EvaluationContext, details?: TrackingEventDetails): void {
    this.#client?.track(event, context as Context, details?.value);
  }

  /** Rejects before initialization and after shutdown. */
  // biome-ignore lint/suspicious/useAwait: OpenFeature asks for a promise, and what is thrown has to be in it.
  async #resolve<T>(
    evaluate: (client: ServerClient, context: Context) => ServerDetail<T>,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    const client = this.#client;
    if (!client) throw new ProviderNotReadyError("the provider is not initialized");
    const detail = evaluate(client, context as Context);
    return resolution(detail, {
      notes: detail.flagMetadata,
      version: client.version,
      flagSetId: client.flagSetId,
      contextId: context.targetingKey,
    });
  }

  /** Signals that all is well, where the last event said otherwise. */
  #recover(message: string): void {
    if (this.#unwell) this.events.emit(ProviderEvents.Ready, { message });
    this.#unwell = false;
  }

  /** Signals an error, which is then thrown. */
  #broken<E extends OpenFeatureError>(error: E): E {
    this.#unwell = true;
    this.events.emit(ProviderEvents.Error, { message: error.message, errorCode: error.code });
    return error;
  }

  #turned(client: ServerClient, status: ServerStatus): void {
    if (client !== this.#client || this.#initializing) return;
    if (status === "live") {
      this.#recover("connected");
      this.#serving = true;
    } else if (status === "stopped") {
      this.#unwell = true;
      // Not fatal, or OpenFeature would serve defaults in place of what the client still holds.
      this.events.emit(ProviderEvents.Error, { message: this.#refusal, errorCode: ErrorCode.GENERAL });
    } else if (status === "reconnecting" && this.#serving) {
      this.#unwell = true;
      this.events.emit(ProviderEvents.Stale, { message: "reconnecting: serving the last rules" });
    }
  }
}
