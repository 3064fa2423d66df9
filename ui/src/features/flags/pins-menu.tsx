import { Pin } from "lucide-react";
import { Suspense, useState } from "react";
import { PartBoundary } from "@/components/part-boundary";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import { ListSkeleton } from "@/components/ui/skeleton";
import { lazyPart } from "@/lib/lazy-part";
import { messages } from "./messages";
import type { PinsEditorProps } from "./pins-editor";

// Brings drag and drop with it, which the list itself does without.
const PinsEditor = lazyPart(() => import("./pins-editor"), "PinsEditor");

/** Chooses the environments that stay beside the names while the others scroll, and their order. */
export function PinsMenu(props: PinsEditorProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={messages.pins.title}
      align="end"
      className="w-64 p-2"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button look="ghost" onPointerEnter={() => void PinsEditor.preload()}>
          <Pin aria-hidden />{" "}
          {messages.pins.pinned({ count: props.pins.length, all: props.environments.length })}
        </Button>
      }
    >
      <PartBoundary onMissing={() => setOpen(false)}>
        <Suspense fallback={<ListSkeleton rows={4} label={messages.pins.loading} />}>
          <PinsEditor {...props} />
        </Suspense>
      </PartBoundary>
    </Popover>
  );
}
