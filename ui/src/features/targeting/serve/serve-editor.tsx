import type { Serve } from "@/api/types";
import { NativeSelect } from "@/components/ui/input";
import { VariationDot } from "@/components/variation-name";
import { useEditor } from "@/domain/conditions/editor-context";
import { wholeTo } from "@/domain/targeting/weights";
import { messages } from "../messages";
import { SplitEditor } from "./split-editor";

export interface ServeEditorProps {
  serve: Serve;
  pointer: string;
  label: string;
  onChange: (serve: Serve) => void;
}

const SPLIT = " split";

/** What is served: one variation, or shares of several. */
export function ServeEditor({ serve, pointer, label, onChange }: ServeEditorProps) {
  const { variations, disabledReason } = useEditor();
  const keys = variations.map((variation) => variation.key);
  const chosen = "variation" in serve ? serve.variation : SPLIT;
  const choose = (value: string) => {
    if (value !== SPLIT) onChange({ variation: value });
    else if ("variation" in serve)
      onChange({ split: { by: "targetingKey", weights: wholeTo(chosen, keys) } });
  };
  const unknown = chosen !== SPLIT && !keys.includes(chosen);
  return (
    <div className="min-w-0 flex-1 space-y-3">
      <span className="flex items-center gap-2">
        {chosen !== SPLIT && <VariationDot index={keys.indexOf(chosen)} />}
        <NativeSelect
          aria-label={label}
          disabled={Boolean(disabledReason)}
          value={chosen}
          onChange={(event) => choose(event.target.value)}
        >
          {unknown && <option value={chosen}>{messages.serve.deleted(chosen)}</option>}
          {variations.map((variation) => (
            <option key={variation.key} value={variation.key}>
              {variation.name || variation.key}
            </option>
          ))}
          <option value={SPLIT}>{messages.serve.split}</option>
        </NativeSelect>
      </span>
      {"split" in serve && (
        <SplitEditor
          split={serve.split}
          pointer={`${pointer}/split`}
          onChange={(split) => onChange({ split })}
        />
      )}
    </div>
  );
}
