// Unleash's own client, on features that are given instead of fetched.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

interface Variant {
  readonly name: string;
  readonly enabled: boolean;
  readonly payload?: { readonly value: string };
}

interface Client {
  isEnabled(name: string, context: object, fallback: () => boolean): boolean;
  getVariant(name: string, context: object, fallback: Variant): Variant;
}

// The package exports only a client that fetches; these are the modules which that is made of.
const { default: UnleashClient } = require("unleash-client/lib/client.js") as {
  default: new (repository: object, strategies: object[]) => Client;
};
const { defaultStrategies } = require("unleash-client/lib/strategy/index.js") as {
  defaultStrategies: object[];
};

const DISABLED: Variant = { name: "disabled", enabled: false };

/** What Unleash's SDK answers. */
export class UnleashOracle {
  readonly #client: Client;

  constructor(features: readonly object[], segments: readonly { readonly id: number }[]) {
    const toggles = new Map(features.map((feature) => [(feature as { name: string }).name, feature]));
    const repository = {
      getToggle: (name: string) => toggles.get(name),
      getSegment: (id: number) => segments.find((segment) => segment.id === id),
    };
    this.#client = new UnleashClient(repository, defaultStrategies);
  }

  isEnabled(name: string, context: object): boolean {
    return this.#client.isEnabled(name, context, () => false);
  }

  /** The payload of the variant; null if there is none. */
  variant(name: string, context: object): string | null {
    const variant = this.#client.getVariant(name, context, DISABLED);
    return variant.enabled ? (variant.payload?.value ?? variant.name) : null;
  }
}
