import type { Serve, Targeting } from "@/api/types";

function serves(serve: Serve, key: string): boolean {
  return "variation" in serve
    ? serve.variation === key
    : serve.split.weights.some(([variation, weight]) => variation === key && weight > 0);
}

/** The environments in which a variation can be served. */
export function variationUses(key: string, targetings: readonly Targeting[]): string[] {
  return targetings
    .filter(
      (targeting) =>
        targeting.offVariation === key ||
        serves(targeting.fallthrough, key) ||
        targeting.rules.some((rule) => serves(rule.serve, key)) ||
        targeting.targets.some((target) => target.variation === key),
    )
    .map((targeting) => targeting.environment);
}
