import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { GripVertical } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { createContext, useContext } from "react";
import { cn } from "@/lib/cn";
import { messages } from "../messages";

interface Handle {
  sortable: ReturnType<typeof useSortable>;
  name: string;
  fixed: boolean;
  onStep: (by: 1 | -1) => void;
}

const HandleContext = createContext<Handle | null>(null);

export interface SortableItemProps {
  id: string;
  name: string;
  fixed: boolean;
  /** Moves the item one place up or down. */
  onStep: (by: 1 | -1) => void;
  children: ReactNode;
}

export function SortableItem({ id, name, fixed, onStep, children }: SortableItemProps) {
  const sortable = useSortable({ id, disabled: fixed });
  const { setNodeRef, transform, transition, isDragging } = sortable;
  return (
    <li
      ref={setNodeRef}
      data-lifted={isDragging || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className={cn(isDragging && "relative z-10 rounded-lg shadow-float")}
    >
      <HandleContext value={{ sortable, name, fixed, onStep }}>{children}</HandleContext>
    </li>
  );
}

/** Moves the item that it stands in. */
export function DragHandle({ className }: { className?: string }) {
  const handle = useContext(HandleContext);
  if (!handle) throw new Error("a drag handle stands outside of a sortable list");
  const { sortable, name, fixed, onStep } = handle;
  const { attributes, listeners, setActivatorNodeRef, isDragging } = sortable;
  if (fixed) return null;
  const press = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0 || isDragging) {
      listeners?.onKeyDown?.(event);
      return;
    }
    event.preventDefault();
    onStep(by);
  };
  return (
    <button
      type="button"
      {...attributes}
      {...listeners}
      ref={setActivatorNodeRef}
      onKeyDown={press}
      aria-label={messages.sortable.move(name)}
      title={messages.sortable.help}
      className={cn("cursor-grab touch-none rounded p-1 text-faint hover:text-ink", className)}
    >
      <GripVertical className="size-4" aria-hidden />
    </button>
  );
}
