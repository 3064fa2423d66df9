import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface ScrollTableProps {
  label: string;
  className?: string;
  children: ReactNode;
}

/** A table of numbers that may be larger than its box. */
export function ScrollTable({ label, className, children }: ScrollTableProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard to be scrolled
      tabIndex={0}
      className={cn("overflow-auto rounded-lg border bg-panel", className)}
    >
      <table className="w-full text-sm tabular-nums">{children}</table>
    </section>
  );
}
