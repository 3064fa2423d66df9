import type { Variation } from "@/api/types";
import { cn } from "@/lib/cn";
import { variationColor } from "@/lib/variation-color";
import { messages } from "./messages";

export interface VariationNameProps {
  variations: readonly Variation[];
  /** The key; null stands for the caller's own default. */
  variation: string | null;
  className?: string;
}

export function VariationDot({ index }: { index: number }) {
  return (
    <span
      aria-hidden
      className="inline-block size-2.5 shrink-0 rounded-[3px]"
      style={{ background: variationColor(index) }}
    />
  );
}

/** A variation by its color and name. */
export function VariationName({ variations, variation, className }: VariationNameProps) {
  const index = variations.findIndex((item) => item.key === variation);
  const found = variations[index];
  return (
    <span className={cn("inline-flex min-w-0 items-center gap-1.5", className)}>
      <VariationDot index={index} />
      <span className="truncate">{variation === null ? messages.codeDefault : found?.name || variation}</span>
    </span>
  );
}
