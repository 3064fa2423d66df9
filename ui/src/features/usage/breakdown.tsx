import type { ReactNode } from "react";
import { Panel } from "@/components/ui/panel";
import { number } from "@/lib/language/format";
import { share } from "./buckets";

export interface BreakdownItem {
  key: string;
  name: ReactNode;
  color: string;
  evaluations: number;
}

/** How the evaluations of the whole time are made up. */
export function Breakdown({ title, items }: { title: string; items: readonly BreakdownItem[] }) {
  const whole = items.reduce((sum, item) => sum + item.evaluations, 0);
  return (
    <Panel aria-label={title} className="min-w-0 px-4 py-3">
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
      <ul className="space-y-2">
        {items.map(({ key, name, color, evaluations }) => (
          <li key={key} className="text-sm">
            <div className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">{name}</span>
              <span className="shrink-0 text-xs text-muted tabular-nums">
                {number(evaluations)} · {share(evaluations, whole)}
              </span>
            </div>
            <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-raised">
              <div
                className="h-full rounded-full"
                style={{ width: `${whole ? (evaluations / whole) * 100 : 0}%`, background: color }}
              />
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
