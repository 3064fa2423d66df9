import { formError } from "@/api/problem";
import type { Flag } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { messages as review } from "@/domain/review/messages";
import { Review } from "@/domain/review/review";
import { messages } from "./messages";
import type { GuardedChange, useFlagChange } from "./use-flag-change";
import { flagChanges } from "./use-flag-change";

export interface ReviewFlagProps {
  flag: Flag;
  /** What is asked for, as it was when it was asked. */
  asked: GuardedChange;
  productions: readonly string[];
  change: ReturnType<typeof useFlagChange>;
  onSaved?: (saved: Flag) => void;
  onClose: () => void;
}

/** Asks before a flag is changed itself, which reaches every environment, those included that ask. */
export function ReviewFlag({ flag, asked, productions, change, onSaved, onClose }: ReviewFlagProps) {
  const changes = flagChanges(flag, asked);
  const confirm = (comment: string) =>
    change.mutate(
      { ...asked, comment },
      {
        onSuccess: (saved) => {
          onSaved?.(saved);
          onClose();
        },
      },
    );
  return (
    <Confirm
      title={messages.review.title(flag.name || flag.key)}
      description={review.everywhere(productions)}
      action={messages.saveEverywhere}
      comments
      className="max-w-xl"
      blocked={changes.length === 0 ? messages.review.done : undefined}
      refused={formError(change.error, [])}
      busy={change.isPending}
      onConfirm={confirm}
      onClose={() => {
        change.reset();
        onClose();
      }}
    >
      <Review changes={changes} />
    </Confirm>
  );
}
