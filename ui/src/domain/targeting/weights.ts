import type { Split } from "@/api/types";
import { percent } from "@/lib/language/format";

/** A split's weights are in parts of this many: three decimals of a percent. */
export const WHOLE = 100_000;

export type Weights = Split["weights"];

export function total(weights: Weights): number {
  return weights.reduce((sum, [, weight]) => sum + weight, 0);
}

/** Equal shares; what does not divide goes to the first ones. */
export function evenWeights(variations: readonly string[]): Weights {
  const share = Math.floor(WHOLE / Math.max(1, variations.length));
  const rest = WHOLE - share * variations.length;
  return variations.map((variation, index) => [variation, share + (index < rest ? 1 : 0)]);
}

/** The whole for one variation: a split that serves what was served before, until it is changed. */
export function wholeTo(variation: string, variations: readonly string[]): Weights {
  return variations.map((key) => [key, key === variation ? WHOLE : 0]);
}

/** Sets one weight. Of two, the other makes up the whole; of more, none is touched that was not typed. */
export function setWeight(weights: Weights, index: number, weight: number): Weights {
  const clamped = Math.min(WHOLE, Math.max(0, Math.round(weight)));
  return weights.map(([variation, held], place) => {
    if (place === index) return [variation, clamped];
    return [variation, weights.length === 2 ? WHOLE - clamped : held];
  });
}

/** Where each weight but the last ends, counted from the start. */
export function boundaries(weights: Weights): number[] {
  let end = 0;
  return weights.slice(0, -1).map(([, weight]) => {
    end += weight;
    return end;
  });
}

/** Moves the border between a weight and its right neighbour; no other weight changes. */
export function moveBoundary(weights: Weights, index: number, position: number): Weights {
  const start = index === 0 ? 0 : (boundaries(weights)[index - 1] ?? 0);
  const both = (weights[index]?.[1] ?? 0) + (weights[index + 1]?.[1] ?? 0);
  const first = Math.round(Math.min(both, Math.max(0, position - start)));
  return weights.map(([variation, held], place) => {
    if (place === index) return [variation, first];
    if (place === index + 1) return [variation, both - first];
    return [variation, held];
  });
}

/** Gives what is missing to the whole (or takes what is too much) from one weight. */
export function absorbRest(weights: Weights, index: number): Weights {
  const rest = WHOLE - total(weights);
  return weights.map(([variation, held], place) => [
    variation,
    place === index ? Math.max(0, held + rest) : held,
  ]);
}

/** "12.5" for 12500, as it is typed. */
export function typedPercent(weight: number): string {
  return String(weight / 1000);
}

/** "12.5%" for 12500, as it is shown. */
export function shownPercent(weight: number): string {
  return percent(weight / WHOLE, 3);
}

/** 12500 for "12.5", "12,5" or "12.5 %"; nothing where the text is no share of a hundred. */
export function parsePercent(text: string): number | undefined {
  const cleaned = text.replace("%", "").replace(",", ".").trim();
  if (!/^\d{1,3}(\.\d*)?$|^\.\d+$/.test(cleaned)) return undefined;
  const weight = Math.round(Number(cleaned) * 1000);
  return weight <= WHOLE ? weight : undefined;
}

/** Brings a split's weights to the flag's variations: each has one, in their order; new ones have none of the share. */
export function alignWeights(weights: Weights, variations: readonly string[]): Weights {
  const known = weights.filter(([variation]) => variations.includes(variation));
  const missing = variations.filter((variation) => !known.some(([held]) => held === variation));
  return [...known, ...missing.map((variation): [string, number] => [variation, 0])];
}
