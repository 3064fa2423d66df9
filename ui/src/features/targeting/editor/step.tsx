import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

export interface StepProps {
  icon: LucideIcon;
  title: string;
  description: ReactNode;
  children: ReactNode;
  last?: boolean;
}

/** One step of an evaluation; steps stand on a line, in the order in which a flag is evaluated. */
export function Step({ icon: Icon, title, description, children, last = false }: StepProps) {
  return (
    <section className="relative flex gap-3 pb-6 sm:gap-4">
      {!last && <span aria-hidden className="absolute top-8 bottom-0 left-[13.5px] w-px bg-line" />}
      <span className="grid size-7 shrink-0 place-items-center rounded-full border bg-panel text-muted">
        <Icon className="size-3.5" aria-hidden />
      </span>
      <div className="min-w-0 flex-1 space-y-2.5 pt-0.5">
        <div className="flex flex-wrap items-baseline gap-x-2.5">
          <h3 className="text-base font-semibold tracking-tight">{title}</h3>
          <p className="text-xs text-muted">{description}</p>
        </div>
        {children}
      </div>
    </section>
  );
}
