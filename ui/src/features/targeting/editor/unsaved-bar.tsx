import { useState } from "react";
import type { Environment } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import type { Reason } from "@/components/ui/reason";
import { useEditor } from "@/domain/conditions/editor-context";
import { cn } from "@/lib/cn";
import { commandKey } from "@/lib/platform";
import { messages } from "../messages";
import type { TargetingEditor } from "../use-targeting-editor";
import { ReviewTargeting } from "./review-targeting";
import { useSaveKey } from "./use-save-key";

export interface UnsavedBarProps {
  editor: TargetingEditor;
  environment: Environment;
  /** Why nothing may be saved, whatever has been typed: the role is gone, or the flag was archived meanwhile. */
  disabledReason: Reason;
  /** Somebody sets about saving. */
  onAttempt: () => void;
}

/** Stays at the foot of the page while something is unsaved. */
export function UnsavedBar({ editor, environment, disabledReason, onAttempt }: UnsavedBarProps) {
  const { attempts } = useEditor();
  const [reviewing, setReviewing] = useState(false);
  const count = editor.changes.length;
  const wrong = editor.problems.find((problem) => !problem.missing)?.detail;
  const missing = editor.problems.find((problem) => problem.missing)?.detail;
  const blocked = disabledReason || editor.blocked || wrong;
  const confirms = environment.production;
  const review = () => {
    onAttempt();
    setReviewing(true);
  };
  const save = () => {
    onAttempt();
    if (missing) {
      requestAnimationFrame(showFirstProblem);
      return;
    }
    if (confirms) setReviewing(true);
    else void editor.save();
  };
  useSaveKey(review, count > 0);
  if (count === 0) return null;
  return (
    <section
      aria-label={messages.unsaved.label}
      className="sticky bottom-4 z-10 mt-6 flex animate-in flex-wrap items-center gap-2 rounded-xl border border-line-strong bg-panel px-4 py-2.5 shadow-float"
    >
      <p className="mr-auto flex basis-full items-center gap-2 text-sm sm:basis-auto">
        <span aria-hidden className="size-2 rounded-full bg-boo" />
        <span className="font-medium">{messages.unsaved.count(count)}</span>
        <span className="hidden text-muted sm:inline">{messages.unsaved.in}</span>
        <EnvironmentName environment={environment} className="hidden text-muted sm:inline-flex" />
        {wrong && <span className="text-xs text-danger">{wrong}</span>}
        {!wrong && missing && (
          <span className={cn("text-xs", attempts > 0 ? "text-danger" : "text-muted")}>{missing}</span>
        )}
      </p>
      <Button look="ghost" onClick={editor.discard}>
        {messages.unsaved.discard}
      </Button>
      <Button onClick={review}>
        {messages.unsaved.review}
        <span aria-hidden className="hidden text-muted sm:inline">
          <Kbd>{`${commandKey}S`}</Kbd>
        </span>
      </Button>
      <Button look="primary" busy={editor.saving} disabledReason={blocked} onClick={save}>
        {confirms ? messages.unsaved.saveAsking : messages.unsaved.save}
      </Button>
      {reviewing && (
        <ReviewTargeting
          editor={editor}
          environment={environment}
          blocked={blocked || missing}
          onClose={() => setReviewing(false)}
        />
      )}
    </section>
  );
}

/** What is missing may be a long way up the page. */
function showFirstProblem(): void {
  document.querySelector("#content [role=alert]")?.scrollIntoView({ block: "center" });
}
