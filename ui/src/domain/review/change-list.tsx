import { ArrowRight, Minus, MoveVertical, Pencil, Plus } from "lucide-react";
import type { Change } from "@/domain/targeting/changes";
import { cn } from "@/lib/cn";
import { messages } from "./messages";

const LOOKS = {
  added: { icon: Plus, tone: "bg-good-soft text-good" },
  removed: { icon: Minus, tone: "bg-danger-soft text-danger" },
  changed: { icon: Pencil, tone: "bg-boo-soft text-boo-ink" },
  moved: { icon: MoveVertical, tone: "bg-raised text-muted" },
} as const;

export interface ChangeListProps {
  changes: readonly Change[];
  className?: string;
  /** Cuts each difference off after a few lines. */
  clamped?: boolean;
}

/** Differences as sentences, each with what was and what is. */
export function ChangeList({ changes, className, clamped = false }: ChangeListProps) {
  return (
    <ul className={cn("space-y-1.5", className)}>
      {changes.map(({ kind, what, from, to }) => {
        const { icon: Icon, tone } = LOOKS[kind];
        return (
          <li key={`${what} ${to ?? ""}`} className="flex items-start gap-2 text-sm">
            <span className={cn("mt-0.5 grid size-4 shrink-0 place-items-center rounded", tone)}>
              <Icon className="size-3" strokeWidth={2.5} aria-label={messages.changes[kind]} />
            </span>
            <span className={cn("min-w-0 [overflow-wrap:anywhere]", clamped && "line-clamp-3")}>
              {what}
              {from !== undefined && to !== undefined && (
                <>
                  {" "}
                  <del className="text-muted decoration-line-strong">{from}</del>
                  <ArrowRight
                    className="mx-1 inline size-3.5 text-faint"
                    aria-label={messages.changes.became}
                  />
                  <ins className="font-medium no-underline">{to}</ins>
                </>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
