import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface ScrollTextProps {
  label: string;
  className?: string;
  children: ReactNode;
}

/** Text in a fixed-width font that may be larger than its box. */
export function ScrollText({ label, className, children }: ScrollTextProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard to be scrolled
      tabIndex={0}
      className={cn("overflow-auto font-mono text-xs leading-5", className)}
    >
      <pre>{children}</pre>
    </section>
  );
}
