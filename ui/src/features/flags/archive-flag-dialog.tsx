import { Archive } from "lucide-react";
import { formError } from "@/api/problem";
import type { Environment, Flag } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { Time } from "@/components/time";
import { lastUse } from "./last-use";
import { messages } from "./messages";
import type { useFlagChange } from "./use-flag-change";

export interface ArchiveFlagDialogProps {
  flag: Flag;
  environments: readonly Environment[];
  /** Whether it is archived, or else restored. */
  archive: boolean;
  change: ReturnType<typeof useFlagChange>;
  onClose: () => void;
}

/** Asks before a flag leaves every application, or comes back to them. */
export function ArchiveFlagDialog({ flag, environments, archive, change, onClose }: ArchiveFlagDialogProps) {
  const text = archive ? messages.archive : messages.restore;
  const productions = environments.filter((item) => item.production).map((item) => item.name);
  const used = archive ? lastUse(flag, environments) : undefined;
  const done = (flag.archivedAt !== null) === archive;
  return (
    <Confirm
      danger={archive}
      title={text.title(flag.name || flag.key)}
      description={text.help(productions)}
      action={text.action}
      comments
      className="max-w-xl"
      blocked={done && !change.isPending ? messages.review.done : undefined}
      refused={formError(change.error, [])}
      busy={change.isPending}
      onConfirm={(comment) => change.mutate({ archived: archive, comment }, { onSuccess: onClose })}
      onClose={() => {
        change.reset();
        onClose();
      }}
    >
      {used && (
        <p className="flex items-center gap-2 rounded-md bg-boo-soft px-3 py-2 text-sm text-boo-ink">
          <Archive className="size-4 shrink-0" aria-hidden />
          <span>
            {messages.archive.lastUsed({ environment: used.environment.name, time: <Time at={used.at} /> })}
          </span>
        </p>
      )}
    </Confirm>
  );
}
