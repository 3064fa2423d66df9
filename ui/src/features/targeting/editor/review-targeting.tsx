import type { Environment } from "@/api/types";
import { Confirm } from "@/components/confirm";
import type { Reason } from "@/components/ui/reason";
import { messages as review } from "@/domain/review/messages";
import { Review } from "@/domain/review/review";
import { messages } from "../messages";
import type { TargetingEditor } from "../use-targeting-editor";

export interface ReviewTargetingProps {
  editor: TargetingEditor;
  environment: Environment;
  blocked: Reason;
  onClose: () => void;
}

/** What a save of the targeting would change; production's saves always come through here. */
export function ReviewTargeting({ editor, environment, blocked, onClose }: ReviewTargetingProps) {
  const save = async (comment: string) => {
    if (await editor.save(comment)) onClose();
  };
  return (
    <Confirm
      title={messages.review.title(environment.name)}
      description={environment.production ? messages.review.production : messages.review.other}
      action={messages.review.action(environment.name)}
      back={review.back}
      comments
      className="max-w-xl"
      blocked={blocked}
      refused={editor.refused}
      busy={editor.saving}
      onConfirm={(comment) => void save(comment)}
      onClose={onClose}
    >
      <Review changes={editor.changes} states={{ before: editor.base, after: editor.config }} />
    </Confirm>
  );
}
