import { useSyncExternalStore } from "react";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useHotkey } from "@/lib/hotkeys";
import { commandKey } from "@/lib/platform";
import { messages } from "../messages";

let shown = false;
const listeners = new Set<() => void>();
const set = (next: boolean) => {
  shown = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const showShortcuts = () => set(true);

const SHORTCUTS = [
  [`${commandKey}K`, "jump"],
  ["c", "createFlag"],
  ["/", "search"],
  ["↓", "toList"],
  [`${commandKey}S`, "save"],
  ["↑ ↓", "moveRule"],
  ["?", "showThis"],
] as const;

export function ShortcutsDialog() {
  const open = useSyncExternalStore(subscribe, () => shown);
  useHotkey("?", showShortcuts);
  return (
    <Dialog open={open} onOpenChange={set} title={messages.account.shortcuts} className="max-w-md">
      <dl className="divide-y">
        {SHORTCUTS.map(([key, does]) => (
          <div key={key} className="flex items-center justify-between gap-4 py-2">
            <dt className="text-sm">{messages.shortcuts[does]}</dt>
            <dd>
              <Kbd>{key}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
