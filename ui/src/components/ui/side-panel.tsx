import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { lastFocused } from "@/lib/last-focus";
import { messages } from "../messages";
import { Button } from "./button";

export interface SidePanelProps {
  title: string;
  /** Beside the button that closes it. */
  actions?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** A panel over the right side of the page, for what is looked up beside it. On phones it takes the whole width. */
export function SidePanel({ title, actions, onClose, children }: SidePanelProps) {
  const trigger = useRef<HTMLElement | null>(null);
  useEffect(() => {
    trigger.current = lastFocused();
  }, []);
  const giveBack = (event: Event) => {
    if (!trigger.current?.isConnected) return;
    event.preventDefault();
    trigger.current.focus();
  };
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Primitive.Content
          aria-describedby={undefined}
          onCloseAutoFocus={giveBack}
          className="fixed inset-y-0 right-0 z-40 flex w-full max-w-[520px] animate-fade flex-col border-l bg-panel shadow-float focus:outline-none"
        >
          <div className="flex items-center justify-between gap-3 border-b px-5 py-3">
            <Primitive.Title className="min-w-0 truncate text-base font-semibold tracking-tight">
              {title}
            </Primitive.Title>
            <span className="flex shrink-0 items-center gap-1">
              {actions}
              <Primitive.Close asChild>
                <Button look="ghost" size="icon-sm" aria-label={messages.close}>
                  <X />
                </Button>
              </Primitive.Close>
            </span>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
