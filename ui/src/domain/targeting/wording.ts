import type { Bucket, Condition, Serve, TargetingConfig, Variation } from "@/api/types";
import { messages as shared } from "@/components/messages";
import { list } from "@/lib/language/format";
import { sort } from "./conditions";
import { messages } from "./messages";
import { OPERATORS } from "./operators";
import { showValue } from "./values";
import { shownPercent } from "./weights";

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

/** "a, b, or c"; of long lists the first few and how many more. */
export function listed(items: readonly string[], joiner: "and" | "or" = "or"): string {
  if (items.length === 0) return messages.conditions.nothing;
  if (items.length <= SHOWN_VALUES + 1) return list(items, joiner);
  const more = messages.conditions.more(items.length - SHOWN_VALUES);
  return list([...items.slice(0, SHOWN_VALUES), more], joiner);
}

function wrapped(condition: Condition): string {
  const sorted = sort(condition);
  const nested = (sorted.kind === "all" || sorted.kind === "any") && sorted.conditions.length > 1;
  const words = conditionWords(condition);
  return nested ? messages.conditions.group(words) : words;
}

/** A condition as a sentence's part: "country is one of SE or NO and in segment beta". */
export function conditionWords(condition: Condition): string {
  const sorted = sort(condition);
  const text = messages.conditions;
  switch (sorted.kind) {
    case "all":
      return sorted.conditions.length === 0 ? text.everyone : joined(sorted.conditions, text.and);
    case "any":
      return sorted.conditions.length === 0 ? text.noOne : joined(sorted.conditions, text.or);
    case "not":
      return text.not(wrapped(sorted.condition));
    case "segment":
      return text.inSegment(sorted.segment || "…");
    case "flag":
      return text.flagServes({ flag: sorted.flag || "…", variations: listed(sorted.variations) });
    case "bucket":
      return bucketWords(sorted.bucket);
    case "clause": {
      const { attribute, op, values = [], negate, ignoreCase } = sorted.clause;
      const { words: plain, negated } = messages.operators[op];
      const words = [attribute || "…", negate ? negated : plain];
      if (OPERATORS[op].kind !== "none") words.push(listed(values.map(showValue)));
      if (ignoreCase) words.push(text.ignoringCase);
      return words.join(" ");
    }
  }
}

function joined(conditions: readonly Condition[], joiner: string): string {
  return conditions.map(wrapped).join(` ${joiner} `);
}

function bucketWords({ by, from, below }: Bucket): string {
  const share = shownPercent(Math.max(0, below - from));
  if (from === 0) return messages.conditions.share({ share, by });
  return messages.conditions.shareBetween({ share, by, from: shownPercent(from), to: shownPercent(below) });
}

/** What is served, in words: "on", or "10% on, 90% off by targetingKey". */
export function serveWords(serve: Serve, name: VariationNames = keysAsNames): string {
  if ("variation" in serve) return name(serve.variation);
  const { by, weights } = serve.split;
  const shares = weights
    .filter(([, weight]) => weight > 0)
    .map(([variation, weight]) =>
      messages.served.share({ share: shownPercent(weight), variation: name(variation) }),
    );
  return messages.served.split({
    shares: shares.join(", ") || messages.served.nothing,
    by: by ?? "targetingKey",
  });
}

/** Who gets what as things stand, each outcome with whom it is for, in the order of evaluation. */
export function outcomes(config: TargetingConfig, name: VariationNames = keysAsNames): Outcome[] {
  if (!config.enabled)
    return [{ who: messages.outcomes.everyone, gets: variationWords(config.offVariation, name) }];
  const text = messages.outcomes;
  return [
    ...config.prerequisites.map(({ flag, variations }) => ({
      who: text.without({ flag, variations: listed(variations) }),
      gets: variationWords(config.offVariation, name),
    })),
    ...config.targets.map(({ variation, values }) => ({
      who: text.keys(values.length),
      gets: name(variation),
    })),
    ...config.rules.map(({ when, serve }) => ({ who: conditionWords(when), gets: serveWords(serve, name) })),
    {
      who: config.rules.length + config.targets.length > 0 ? text.everyoneElse : text.everyone,
      gets: serveWords(config.fallthrough, name),
    },
  ];
}

export function variationWords(variation: string | null, name: VariationNames = keysAsNames): string {
  return variation === null ? shared.codeDefault : name(variation);
}
