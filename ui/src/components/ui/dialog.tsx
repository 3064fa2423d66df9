import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { useEffect, useRef } from "react";
import { cn } from "@/lib/cn";
import { lastFocused } from "@/lib/last-focus";
import { messages } from "../messages";
import { Button } from "./button";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Keeps the dialog until it is answered: no Escape, no click beside it, no cross. */
  sticky?: boolean;
  /** A press beside the dialog does not close it, as something was typed. */
  typed?: boolean;
  onOpenAutoFocus?: ComponentProps<typeof Primitive.Content>["onOpenAutoFocus"];
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  className,
  sticky = false,
  typed = false,
  onOpenAutoFocus,
}: DialogProps) {
  const trigger = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (open) trigger.current = lastFocused();
  }, [open]);
  const giveBack = (event: Event) => {
    if (!trigger.current?.isConnected) return;
    event.preventDefault();
    trigger.current.focus();
  };
  const stay = (event: Event) => {
    if (sticky) event.preventDefault();
  };
  // An item that is picked up with the keyboard is put back by Escape.
  const putBack = (event: Event) => {
    if (document.querySelector("[data-lifted]")) event.preventDefault();
    else stay(event);
  };
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 grid grid-cols-[minmax(0,1fr)] animate-fade justify-items-center overflow-y-auto bg-overlay p-3 pt-[min(12vh,7rem)] backdrop-blur-[1.5px]">
          <Primitive.Content
            onCloseAutoFocus={giveBack}
            onEscapeKeyDown={putBack}
            onPointerDownOutside={(event) => (typed ? event.preventDefault() : stay(event))}
            {...(onOpenAutoFocus ? { onOpenAutoFocus } : {})}
            {...(description ? {} : { "aria-describedby": undefined })}
            className={cn(
              "relative h-fit w-full max-w-lg animate-in rounded-xl border bg-panel p-5 shadow-float focus:outline-none",
              className,
            )}
          >
            <Primitive.Title className="pr-8 text-lg font-semibold tracking-tight">{title}</Primitive.Title>
            {description && (
              <Primitive.Description className="mt-1 text-sm text-muted">{description}</Primitive.Description>
            )}
            <div className="mt-4">{children}</div>
            {!sticky && (
              <Primitive.Close asChild>
                <Button
                  look="ghost"
                  size="icon-sm"
                  aria-label={messages.close}
                  className="absolute top-3.5 right-3.5"
                >
                  <X />
                </Button>
              </Primitive.Close>
            )}
          </Primitive.Content>
        </Primitive.Overlay>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** The row of answers at a dialog's foot. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap items-center justify-end gap-2">{children}</div>;
}
