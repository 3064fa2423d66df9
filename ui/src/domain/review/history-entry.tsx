import { Bot, Cog, MessageSquare } from "lucide-react";
import type { ReactNode } from "react";
import type { AuditEntry } from "@/api/types";
import { Avatar } from "@/components/avatar";
import { Time } from "@/components/time";
import type { VariationNames } from "@/domain/targeting/wording";
import { actionWords, entryChanges, isMereToggle } from "./entry-changes";
import { FoldedChanges } from "./folded-changes";
import { messages } from "./messages";
import { RawDiff } from "./raw-diff";

export interface HistoryEntryProps {
  entry: AuditEntry;
  names?: VariationNames;
  /** Shown after what was done: of what, and where. */
  subject?: ReactNode;
  action?: ReactNode;
  /** Shown below, such as where it came from. */
  details?: ReactNode;
}

/** Who did what, when and why. */
export function HistoryEntry({ entry, names, subject, action, details }: HistoryEntryProps) {
  const changes = entryChanges(entry, names);
  return (
    <div className="flex gap-3 py-1.5">
      <ActorMark entry={entry} />
      <div className="min-w-0 flex-1 space-y-2">
        <div className="flex flex-wrap items-baseline gap-x-1.5">
          <span className="font-medium">{entry.actor.name}</span>
          <span className="text-muted">{actionWords(entry, subject !== undefined)}</span>
          {subject}
          <Time at={entry.at} className="ml-auto text-xs text-faint" />
        </div>
        {changes.length > 0 && !isMereToggle(entry) && <FoldedChanges changes={changes} />}
        {entry.elided && <Elision elided={entry.elided} />}
        {entry.comment && (
          <p className="flex items-start gap-2 text-sm text-muted italic">
            <MessageSquare className="mt-0.5 size-3.5 shrink-0" aria-label={messages.comment} />
            {entry.comment}
          </p>
        )}
        <div className="flex flex-wrap items-start gap-2">
          <div className="min-w-0 flex-1">
            {(entry.before || entry.after) && <RawDiff before={entry.before} after={entry.after} />}
          </div>
          {action}
        </div>
        {details}
      </div>
    </div>
  );
}

/** How much of long lists an entry leaves out. */
function Elision({ elided }: { elided: NonNullable<AuditEntry["elided"]> }) {
  const total = (part: "unchanged" | "removed" | "added") =>
    elided.reduce((sum, list) => sum + list[part], 0);
  const [unchanged, removed, added] = [total("unchanged"), total("removed"), total("added")];
  const words = [
    added > 0 && messages.elided.added(added),
    removed > 0 && messages.elided.removed(removed),
    unchanged > 0 && messages.elided.unchanged(unchanged),
  ];
  return <p className="text-xs text-faint">{words.filter(Boolean).join(" ")}</p>;
}

function ActorMark({ entry }: { entry: AuditEntry }) {
  if (entry.actor.kind === "user") return <Avatar name={entry.actor.name} />;
  const Icon = entry.actor.kind === "token" ? Bot : Cog;
  return (
    <span className="grid size-6 shrink-0 place-items-center rounded-full bg-raised text-muted">
      <Icon className="size-3.5" aria-label={entry.actor.kind === "token" ? messages.token : messages.hub} />
    </span>
  );
}
