import type { Split } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { VariationName } from "@/components/variation-name";
import { AttributeInput } from "@/domain/conditions/attribute-input";
import { useEditor, useProblemAt } from "@/domain/conditions/editor-context";
import { PercentInput } from "@/domain/conditions/percent-input";
import {
  absorbRest,
  alignWeights,
  evenWeights,
  setWeight,
  shownPercent,
  total,
  WHOLE,
} from "@/domain/targeting/weights";
import { messages } from "../messages";
import { WeightBar } from "./weight-bar";

export interface SplitEditorProps {
  split: Split;
  pointer: string;
  onChange: (split: Split) => void;
}

export function SplitEditor({ split, pointer, onChange }: SplitEditorProps) {
  const { variations, disabledReason } = useEditor();
  const problem = useProblemAt(`${pointer}/weights`);
  const weights = alignWeights(
    split.weights,
    variations.map((variation) => variation.key),
  );
  const set = (next: Split["weights"]) => onChange({ ...split, weights: next });
  const rest = WHOLE - total(weights);
  const { seed: _, ...unseeded } = split;
  return (
    <div className="min-w-0 flex-1 space-y-3">
      <WeightBar weights={weights} variations={variations} onChange={disabledReason ? undefined : set} />
      <ul className="flex flex-wrap gap-x-5 gap-y-2">
        {weights.map(([key, weight], index) => (
          <li key={key} className="flex items-center gap-2">
            <VariationName variations={variations} variation={key} className="max-w-40" />
            <PercentInput
              label={messages.serve.shareOf(
                variations.find((variation) => variation.key === key)?.name || key,
              )}
              weight={weight}
              invalid={rest !== 0}
              onChange={(next) => set(setWeight(weights, index, next))}
            />
            {rest !== 0 && weight + rest >= 0 && !disabledReason && (
              <Button size="sm" onClick={() => set(absorbRest(weights, index))}>
                {rest > 0 ? `+${shownPercent(rest)}` : `−${shownPercent(-rest)}`}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {problem && (
        <p role="alert" className="text-xs text-danger">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <span>{messages.serve.by}</span>
        <AttributeInput
          label={messages.serve.by}
          value={split.by ?? "targetingKey"}
          onChange={(by) => onChange({ ...split, by })}
        />
        <Input
          aria-label={messages.serve.seed}
          placeholder={messages.serve.seedPlaceholder}
          title={messages.serve.seedHelp}
          readOnly={Boolean(disabledReason)}
          className="w-36 font-mono text-xs"
          value={split.seed ?? ""}
          onChange={(event) =>
            onChange(event.target.value ? { ...split, seed: event.target.value } : unseeded)
          }
        />
        {!disabledReason && (
          <Button look="ghost" size="sm" onClick={() => set(evenWeights(weights.map(([key]) => key)))}>
            {messages.serve.even}
          </Button>
        )}
      </div>
    </div>
  );
}
