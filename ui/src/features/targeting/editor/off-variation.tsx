import { NativeSelect } from "@/components/ui/input";
import { VariationDot } from "@/components/variation-name";
import { useEditor, useProblemAt } from "@/domain/conditions/editor-context";
import { messages } from "../messages";

export interface OffVariationProps {
  value: string | null;
  onChange: (variation: string | null) => void;
}

const CALLERS_DEFAULT = " default";

export function OffVariation({ value, onChange }: OffVariationProps) {
  const { variations, disabledReason } = useEditor();
  const problem = useProblemAt("/offVariation");
  return (
    <div>
      <span className="flex items-center gap-2">
        <VariationDot index={variations.findIndex((variation) => variation.key === value)} />
        <NativeSelect
          aria-label={messages.off.label}
          aria-invalid={problem ? true : undefined}
          disabled={Boolean(disabledReason)}
          value={value ?? CALLERS_DEFAULT}
          onChange={(event) => onChange(event.target.value === CALLERS_DEFAULT ? null : event.target.value)}
        >
          {variations.map((variation) => (
            <option key={variation.key} value={variation.key}>
              {variation.name || variation.key}
            </option>
          ))}
          <option value={CALLERS_DEFAULT}>{messages.off.codeDefault}</option>
        </NativeSelect>
      </span>
      {problem && (
        <p role="alert" className="mt-1 text-xs text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}
