import { cn } from "@/lib/cn";

/** The mark: a toggle whose knob looks back at you. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 22" aria-hidden="true" className={cn("h-[18px] w-auto", className)}>
      <rect width="32" height="22" rx="11" fill="#0d5f5c" />
      <circle cx="21" cy="11" r="9" fill="#fbc44b" />
      <g fill="#10312f" className="origin-center animate-blink [transform-box:fill-box]">
        <ellipse cx="19.6" cy="10.2" rx="1.5" ry="2.4" />
        <ellipse cx="24.6" cy="10.2" rx="1.5" ry="2.4" />
      </g>
    </svg>
  );
}

/** The same fellow peeking over an edge, for pages with nothing on them. */
export function Peek({ className, edge = true }: { className?: string; edge?: boolean }) {
  return (
    <svg viewBox="0 0 64 34" aria-hidden="true" className={className}>
      <path d="M12 33a20 20 0 0 1 40 0z" fill="#fbc44b" />
      <g fill="#10312f" className="origin-center animate-blink [transform-box:fill-box]">
        <ellipse cx="27" cy="24.5" rx="2.3" ry="3.8" />
        <ellipse cx="38" cy="24.5" rx="2.3" ry="3.8" />
      </g>
      {edge && <path d="M2 33h60" stroke="var(--line-strong)" strokeWidth="2" strokeLinecap="round" />}
      <path d="M14 33v-4.5a2.6 2.6 0 0 1 5.2 0V33M44.8 33v-4.5a2.6 2.6 0 0 1 5.2 0V33" fill="#e9ab2c" />
    </svg>
  );
}
