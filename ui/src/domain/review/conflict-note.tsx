import { UsersRound } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { Change } from "@/domain/targeting/changes";
import { ChangeList } from "./change-list";
import { messages } from "./messages";

export interface ConflictNoteProps {
  theirChanges: readonly Change[];
  myChanges: readonly Change[];
  onTakeTheirs: () => void;
  /** Puts my changes on top of theirs; returns what both had changed. */
  onReapplyMine: () => readonly string[];
}

/** Somebody else has saved while this person was editing: nothing is overwritten before they have decided. */
export function ConflictNote({ theirChanges, myChanges, onTakeTheirs, onReapplyMine }: ConflictNoteProps) {
  const text = messages.conflict;
  const [looking, setLooking] = useState(false);
  const reapply = () => {
    const clashes = onReapplyMine();
    if (clashes.length === 0) toast.success(text.reapplied);
    else toast(text.reappliedOver(clashes));
  };
  return (
    <div
      role="alert"
      className="mb-4 flex flex-wrap items-center gap-2 rounded-lg border border-boo bg-boo-soft px-4 py-2.5 text-sm text-boo-ink"
    >
      <p className="mr-auto flex items-start gap-2">
        <UsersRound className="mt-0.5 size-4 shrink-0" aria-hidden />
        <span>{text.text(<strong className="font-semibold">{text.someone}</strong>)}</span>
      </p>
      <Button size="sm" onClick={() => setLooking(true)}>
        {text.look}
      </Button>
      <Button size="sm" onClick={onTakeTheirs}>
        {text.takeTheirs}
      </Button>
      <Button size="sm" look="primary" onClick={reapply}>
        {text.reapplyMine}
      </Button>
      <Dialog open={looking} onOpenChange={setLooking} title={text.theirs}>
        <ChangeList changes={theirChanges} />
        <h3 className="mt-5 mb-2 text-sm font-semibold">{text.mine}</h3>
        <ChangeList changes={myChanges} />
      </Dialog>
    </div>
  );
}
