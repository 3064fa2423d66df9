import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { useId } from "react";
import { cn } from "@/lib/cn";
import { foldGroup, useFolded } from "./sidebar-state";

export interface NavGroupProps {
  /** Tells which group is folded; this browser remembers it. */
  id: string;
  title: string;
  /** Stays in view when the group is folded. */
  head?: ReactNode;
  /** The sidebar shows icons only: there is no room for titles, and nothing is folded. */
  collapsed: boolean;
  children: ReactNode;
}

/** Pages that belong together. A press on their title folds them away. */
export function NavGroup({ id, title, head, collapsed, children }: NavGroupProps) {
  const folded = useFolded(id) && !collapsed;
  const listId = useId();
  return (
    <div className="space-y-px">
      {!collapsed && (
        <button
          type="button"
          aria-expanded={!folded}
          aria-controls={listId}
          onClick={() => foldGroup(id, !folded)}
          className="flex h-6 w-full items-center gap-1 rounded-md px-2 text-left text-2xs font-medium text-faint hover:text-ink"
        >
          {title}
          <ChevronDown className={cn("size-3 transition-transform", folded && "-rotate-90")} aria-hidden />
        </button>
      )}
      {head}
      <div id={listId} hidden={folded} className="space-y-px">
        {children}
      </div>
    </div>
  );
}
