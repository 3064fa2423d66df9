import { cn } from "@/lib/cn";
import { hueOf, initials } from "@/lib/people";

/** A person's initials on a color of their own. */
export function Avatar({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden
      style={{ background: `oklch(0.42 0.08 ${hueOf(name)})` }}
      className={cn(
        "grid size-6 shrink-0 select-none place-items-center rounded-full text-[10px] font-semibold text-white",
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}
