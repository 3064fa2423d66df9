import type { KeyboardEvent, PointerEvent } from "react";
import { useRef, useState } from "react";

/** Takes an item of a list to another place. */
export function moveItem<T>(items: readonly T[], from: number, to: number): T[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

/** Reordering by a handle: dragged with a pointer, or moved with the arrow keys. */
export function useReorder(count: number, onMove: (from: number, to: number) => void) {
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<{ from: number; to: number } | null>(null);

  const placeAt = (y: number, from: number) => {
    const boxes = [...(list.current?.children ?? [])].map((child) => child.getBoundingClientRect());
    const before = boxes.filter((box, index) => index !== from && (box.top + box.bottom) / 2 < y).length;
    return Math.min(count - 1, before);
  };
  const handle = (index: number) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragged({ from: index, to: index });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (dragged) setDragged({ from: index, to: placeAt(event.clientY, index) });
    },
    onPointerUp: () => {
      if (dragged && dragged.from !== dragged.to) onMove(dragged.from, dragged.to);
      setDragged(null);
    },
    onPointerCancel: () => setDragged(null),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const to = event.key === "ArrowUp" ? index - 1 : event.key === "ArrowDown" ? index + 1 : -1;
      if (to < 0 || to >= count) return;
      event.preventDefault();
      onMove(index, to);
      list.current?.children[to]?.querySelector<HTMLElement>("[data-handle]")?.focus();
    },
  });
  return { list, dragged, handle };
}
