import { Check, Minus } from "lucide-react";
import type { TraceStep } from "@/api/types";
import { cn } from "@/lib/cn";
import { messages } from "./messages";
import { stepName, stepReason } from "./trace";

/** The steps of an evaluation as a tree: what was looked at, what came of it, and why. */
export function TraceView({ steps }: { steps: readonly TraceStep[] }) {
  return (
    <ol className="space-y-1">
      {steps.map((step) => (
        <li key={`${step.kind} ${step.pointer} ${step.key ?? ""}`}>
          <div className="flex items-start gap-2 py-0.5">
            <span
              className={cn(
                "mt-0.5 grid size-4 shrink-0 place-items-center rounded-full",
                step.matched ? "bg-good-soft text-good" : "bg-raised text-faint",
              )}
            >
              {step.matched ? (
                <Check className="size-3" strokeWidth={3} aria-label={messages.matched} />
              ) : (
                <Minus className="size-3" strokeWidth={3} aria-label={messages.notMatched} />
              )}
            </span>
            <p className={cn("min-w-0 text-sm [overflow-wrap:anywhere]", !step.matched && "text-muted")}>
              {stepName(step) && <span className="font-medium">{stepName(step)}: </span>}
              {stepReason(step)}
            </p>
          </div>
          {step.steps.length > 0 && (
            <div className="ml-2 border-l pl-4">
              <TraceView steps={step.steps} />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
