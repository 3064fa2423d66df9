import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { Change } from "@/domain/targeting/changes";
import { ChangeList } from "./change-list";
import { messages } from "./messages";

/** How many differences an entry of a list shows, and how long each may be. */
const SHOWN = 4;
const LONG = 240;

/** The differences of one entry among many: the first few, and the others when they are asked for. */
export function FoldedChanges({ changes }: { changes: readonly Change[] }) {
  const [open, setOpen] = useState(false);
  const foldable = changes.length > SHOWN + 1 || changes.some(isLong);
  if (!foldable) return <ChangeList changes={changes} />;
  return (
    <div className="space-y-1">
      <ChangeList changes={open ? changes : changes.slice(0, SHOWN)} clamped={!open} />
      <Button look="link" size="none" className="text-xs" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? messages.showLess : messages.showAll(changes.length)}
      </Button>
    </div>
  );
}

function isLong({ what, from = "", to = "" }: Change): boolean {
  return what.length + from.length + to.length > LONG;
}
