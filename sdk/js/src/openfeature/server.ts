/**
 * An OpenFeature provider for servers: `@openfeature/server-sdk` over the Node client, which evaluates each call's
 * context by the rules that it holds.
 */

import type {
  EvaluationContext,
  Hook,
  JsonValue,
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
} from "@openfeature/server-sdk";
import { copy, isObject } from "../json.js";
import { createServerClient } from "../node/client.js";
import type { ServerClient, ServerOptions, ServerStatus } from "../node/types.js";
import type { Context } from "../types.js";
import { objectResolution, resolution } from "./resolution.js";

export interface ServerProviderOptions extends ServerOptions {
  /**
   * How many milliseconds initialisation waits for the rules before it is called failed. Rules that arrive later make
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
  /** Whether OpenFeature was told, by initialisation's end or an event, something other than that all is well. */
  #unwell = false;
  /** Whether there are rules, which may become stale. */
  #serving = false;
  /** Initialisation's end is announced by OpenFeature itself. */
  #initializing = false;
  /** Why the client was last refused. */
  #refusal = "the hub refuses this client";

  /** Nothing is connected before OpenFeature initialises the provider. */
  constructor(options: ServerProviderOptions) {
    this.#options = options;
    this.hooks = options.hooks ?? [];
  }

  async initialize(): Promise<void> {
    const { initializeTimeoutMs = 10_000, hooks: _, ...options } = this.#options;
    await this.#client?.close();
    let client: ServerClient;
    try {
      client = createServerClient(options);
    } catch (error) {
      throw new ProviderFatalError((error as Error).message);
    }
    this.#client = client;
    this.#unwell = this.#serving = false;
    this.#initializing = true;
    client.on("error", (error) => {
      if (!error.temporary) this.#refusal = error.message;
    });
    client.on("status", (status) => this.#turned(client, status));
    client.on("change", ({ keys }) => {
      if (this.#initializing) return;
      this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys] });
    });
    const there = await client.ready(initializeTimeoutMs);
    this.#initializing = false;
    this.#serving = there;
    if (there) return;
    this.#unwell = true;
    if (client.status === "stopped") throw new GeneralError(this.#refusal);
    throw new GeneralError(`no rules within ${initializeTimeoutMs} ms: the hub cannot be reached yet`);
  }

  /** Tells the hub what it has not been told, then ends the connection. */
  async onClose(): Promise<void> {
    await this.#client?.close();
  }

  // OpenFeature asks for promises here; there is nothing to wait for.
  resolveBooleanEvaluation(
    flagKey: string,
    defaultValue: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return Promise.resolve(resolution(this.#ready().detail(flagKey, defaultValue, contextOf(context))));
  }

  resolveStringEvaluation(
    flagKey: string,
    defaultValue: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return Promise.resolve(resolution(this.#ready().detail(flagKey, defaultValue, contextOf(context))));
  }

  resolveNumberEvaluation(
    flagKey: string,
    defaultValue: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return Promise.resolve(resolution(this.#ready().detail(flagKey, defaultValue, contextOf(context))));
  }

  resolveObjectEvaluation<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    const client = this.#ready();
    return Promise.resolve(
      objectResolution((none) => client.detail(flagKey, none, contextOf(context)), defaultValue),
    );
  }

  track(event: string, context: EvaluationContext, details?: TrackingEventDetails): void {
    this.#client?.track(event, contextOf(context), details?.value);
  }

  #ready(): ServerClient {
    // OpenFeature evaluates nothing before initialisation.
    if (!this.#client) throw new GeneralError("the provider has not been initialised");
    return this.#client;
  }

  #turned(client: ServerClient, status: ServerStatus): void {
    if (client !== this.#client || this.#initializing) return;
    if (status === "live") {
      if (this.#unwell) this.events.emit(ProviderEvents.Ready, { message: "connected" });
      this.#unwell = false;
      this.#serving = true;
    } else if (status === "stopped") {
      this.#unwell = true;
      // Not fatal, or OpenFeature would serve defaults in place of what the client still holds.
      this.events.emit(ProviderEvents.Error, { message: this.#refusal, errorCode: ErrorCode.GENERAL });
    } else if (status === "reconnecting" && this.#serving) {
      this.#unwell = true;
      this.events.emit(ProviderEvents.Stale, { message: "reconnecting: the last rules are served" });
    }
  }
}

/** OpenFeature's contexts may hold dates, which rules read as JSON has them. What holds no object is taken as it is. */
function contextOf(context: EvaluationContext): Context {
  return (Object.values(context).some(isObject) ? copy(context) : context) as Context;
}
