import { Pin, PinOff } from "lucide-react";
import type { Environment } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import { moveItem } from "@/components/sortable/move-item";
import { DragHandle } from "@/components/sortable/sortable-item";
import { SortableList } from "@/components/sortable/sortable-list";
import { Button } from "@/components/ui/button";
import { messages } from "./messages";
import { MOST_PINS } from "./pins";

export interface PinsEditorProps {
  environments: readonly Environment[];
  pins: readonly string[];
  onChange: (pins: readonly string[]) => void;
}

/** The pinned environments, to be put into order, and those that can be pinned. */
export function PinsEditor({ environments, pins, onChange }: PinsEditorProps) {
  const full = pins.length >= MOST_PINS && messages.pins.full(MOST_PINS);
  const find = (key: string) => environments.find((item) => item.key === key);
  return (
    <div className="max-h-96 space-y-1 overflow-y-auto">
      <h3 className="px-1 text-2xs font-medium text-faint">{messages.pins.heading}</h3>
      {pins.length === 0 && <p className="px-1 text-xs text-muted">{messages.pins.none}</p>}
      <SortableList
        label={messages.pins.title}
        ids={pins}
        nameOf={(index) => find(pins[index] ?? "")?.name ?? ""}
        onMove={(from, to) => onChange(moveItem(pins, from, to))}
        fixed={pins.length < 2}
      >
        {(index) => {
          const environment = find(pins[index] ?? "");
          return (
            environment && (
              <div className="flex items-center gap-1.5 rounded-md bg-panel">
                <DragHandle />
                <EnvironmentName environment={environment} className="min-w-0 flex-1" />
                <Button
                  look="ghost"
                  size="icon-sm"
                  aria-label={messages.pins.unpin(environment.name)}
                  onClick={() => onChange(pins.filter((key) => key !== environment.key))}
                >
                  <PinOff />
                </Button>
              </div>
            )
          );
        }}
      </SortableList>
      <h3 className="px-1 pt-1.5 text-2xs font-medium text-faint">{messages.pins.others}</h3>
      <ul aria-label={messages.pins.othersLabel}>
        {environments
          .filter(({ key }) => !pins.includes(key))
          .map((environment) => (
            <li key={environment.id} className="flex items-center gap-1.5 pl-1">
              <EnvironmentName environment={environment} className="min-w-0 flex-1" />
              <Button
                look="ghost"
                size="icon-sm"
                aria-label={messages.pins.pin(environment.name)}
                disabledReason={full}
                onClick={() => onChange([...pins, environment.key])}
              >
                <Pin />
              </Button>
            </li>
          ))}
      </ul>
    </div>
  );
}
