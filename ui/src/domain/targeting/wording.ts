import type { Condition, Serve, TargetingConfig, Variation } from "@/api/types";
import { sort } from "./conditions";
import { OPERATORS } from "./operators";
import { showValue } from "./values";
import { percent } from "./weights";

/** How a variation is called; its key where nothing better is known. */
export type VariationNames = (key: string) => string;

/** One line of who gets what. */
export interface Outcome {
  who: string;
  gets: string;
}

export function namesOf(variations: readonly Variation[]): VariationNames {
  const names = new Map(variations.map((variation) => [variation.key, variation.name || variation.key]));
  return (key) => names.get(key) ?? key;
}

export const keysAsNames: VariationNames = (key) => key;

const SHOWN_VALUES = 4;

/** "a, b or c"; of long lists the first few and how many more. */
export function listed(items: readonly string[], joiner = "or"): string {
  if (items.length === 0) return "nothing";
  if (items.length > SHOWN_VALUES + 1) {
    return `${items.slice(0, SHOWN_VALUES).join(", ")} ${joiner} ${items.length - SHOWN_VALUES} more`;
  }
  return items.length === 1 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} ${joiner} ${items.at(-1)}`;
}

function wrapped(condition: Condition): string {
  const sorted = sort(condition);
  const nested = (sorted.kind === "all" || sorted.kind === "any") && sorted.conditions.length > 1;
  return nested ? `(${conditionWords(condition)})` : conditionWords(condition);
}

/** A condition as a sentence's part: "country is one of SE or NO and in segment beta". */
export function conditionWords(condition: Condition): string {
  const sorted = sort(condition);
  switch (sorted.kind) {
    case "all":
      return sorted.conditions.length === 0 ? "everyone" : sorted.conditions.map(wrapped).join(" and ");
    case "any":
      return sorted.conditions.length === 0 ? "nobody" : sorted.conditions.map(wrapped).join(" or ");
    case "not":
      return `not ${wrapped(sorted.condition)}`;
    case "segment":
      return `in segment ${sorted.segment || "…"}`;
    case "flag":
      return `${sorted.flag || "…"} serves ${listed(sorted.variations)}`;
    case "bucket": {
      const { by, from, below } = sorted.bucket;
      const share = `${percent(Math.max(0, below - from))} % by ${by}`;
      return from > 0 ? `${share} (from ${percent(from)} % to ${percent(below)} %)` : share;
    }
    case "clause": {
      const { attribute, op, values = [], negate, ignoreCase } = sorted.clause;
      const info = OPERATORS[op];
      const words = [attribute || "…", negate ? info.negated : info.words];
      if (info.kind !== "none") words.push(listed(values.map(showValue)));
      if (ignoreCase) words.push("(in any case)");
      return words.join(" ");
    }
  }
}

/** What is served, in words: "on", or "10 % on, 90 % off by targetingKey". */
export function serveWords(serve: Serve, name: VariationNames = keysAsNames): string {
  if ("variation" in serve) return name(serve.variation);
  const { by, weights } = serve.split;
  const shares = weights
    .filter(([, weight]) => weight > 0)
    .map(([variation, weight]) => `${percent(weight)} % ${name(variation)}`);
  return `${shares.join(", ") || "nothing"} by ${by ?? "targetingKey"}`;
}

/** Who gets what as things stand, each outcome with whom it is for, in the order of evaluation. */
export function outcomes(config: TargetingConfig, name: VariationNames = keysAsNames): Outcome[] {
  if (!config.enabled) return [{ who: "Everyone", gets: variationWords(config.offVariation, name) }];
  const keys = (count: number) => (count === 1 ? "1 key" : `${count.toLocaleString("en")} keys`);
  return [
    ...config.prerequisites.map(({ flag, variations }) => ({
      who: `Without ${flag} serving ${listed(variations)}`,
      gets: variationWords(config.offVariation, name),
    })),
    ...config.targets.map(({ variation, values }) => ({ who: keys(values.length), gets: name(variation) })),
    ...config.rules.map(({ when, serve }) => ({ who: conditionWords(when), gets: serveWords(serve, name) })),
    {
      who: config.rules.length + config.targets.length > 0 ? "Everyone else" : "Everyone",
      gets: serveWords(config.fallthrough, name),
    },
  ];
}

export function variationWords(variation: string | null, name: VariationNames = keysAsNames): string {
  return variation === null ? "the code’s default" : name(variation);
}
