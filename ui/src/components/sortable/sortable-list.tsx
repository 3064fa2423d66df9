import type { Announcements, DragEndEvent, UniqueIdentifier } from "@dnd-kit/core";
import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from "@dnd-kit/sortable";
import type { ReactNode } from "react";
import { useMemo, useState } from "react";
import { messages } from "../messages";
import { SortableItem } from "./sortable-item";

/** How far a pointer moves before it drags: a press on the handle is no drag. */
const DRAGS_AFTER_PX = 4;

export interface SortableListProps {
  label: string;
  /** One for each item, in their order. They stay with the items. */
  ids: readonly string[];
  /** What the item at a place is called within a sentence: "rule 2". */
  nameOf: (index: number) => string;
  onMove: (from: number, to: number) => void;
  /** The order cannot be changed. */
  fixed?: boolean;
  className?: string;
  children: (index: number) => ReactNode;
}

/**
 * A list whose items are put into order by their `DragHandle`: dragged with a pointer; moved with the arrow keys; or picked
 * up with Space, moved, and dropped. Screen readers hear where an item is on its way.
 */
export function SortableList(props: SortableListProps) {
  const { label, ids, nameOf, onMove, fixed = false, className, children } = props;
  const [said, setSaid] = useState("");
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: DRAGS_AFTER_PX } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const announcements = useMemo(() => announcementsOf(ids, nameOf), [ids, nameOf]);
  const drop = ({ active, over }: DragEndEvent) => {
    const [from, to] = [ids.indexOf(String(active.id)), over ? ids.indexOf(String(over.id)) : -1];
    if (from >= 0 && to >= 0 && from !== to) onMove(from, to);
  };
  const step = (from: number, to: number) => {
    if (to < 0 || to >= ids.length) return;
    setSaid(messages.sortable.moved({ item: nameOf(from), place: to + 1, count: ids.length }));
    onMove(from, to);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={drop}
      accessibility={{
        announcements,
        screenReaderInstructions: {
          draggable: messages.sortable.instructions,
        },
      }}
    >
      <SortableContext items={[...ids]} strategy={verticalListSortingStrategy}>
        <ol aria-label={label} className={className}>
          {ids.map((id, index) => (
            <SortableItem
              key={id}
              id={id}
              name={nameOf(index)}
              fixed={fixed}
              onStep={(by) => step(index, index + by)}
            >
              {children(index)}
            </SortableItem>
          ))}
        </ol>
      </SortableContext>
      <span role="status" className="sr-only">
        {said}
      </span>
    </DndContext>
  );
}

function announcementsOf(ids: readonly string[], nameOf: (index: number) => string): Announcements {
  const at = (item: UniqueIdentifier, place: UniqueIdentifier) => ({
    item: nameOf(ids.indexOf(String(item))),
    place: ids.indexOf(String(place)) + 1,
    count: ids.length,
  });
  const text = messages.sortable;
  let carried = false;
  return {
    onDragStart: ({ active }) => {
      carried = false;
      return text.pickedUp(at(active.id, active.id));
    },
    onDragOver: ({ active, over }) => {
      // An item that was just picked up is over itself, which says nothing new.
      carried ||= over?.id !== active.id;
      return carried && over ? text.moved(at(active.id, over.id)) : undefined;
    },
    onDragEnd: ({ active, over }) => text.dropped(at(active.id, over?.id ?? active.id)),
    onDragCancel: ({ active }) => text.canceled(at(active.id, active.id)),
  };
}
