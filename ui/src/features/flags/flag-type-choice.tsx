import { RadioGroup } from "radix-ui";
import type { FlagType } from "@/api/types";
import { FLAG_TYPES } from "./flags-search";
import { messages } from "./messages";

export function FlagTypeChoice({ value, onChange }: { value: FlagType; onChange: (type: FlagType) => void }) {
  return (
    <RadioGroup.Root
      aria-label={messages.dialog.type}
      value={value}
      onValueChange={(type) => onChange(type as FlagType)}
      className="grid grid-cols-2 gap-2 sm:grid-cols-4"
    >
      {FLAG_TYPES.map((type) => (
        <RadioGroup.Item
          key={type}
          value={type}
          className="rounded-md border border-line-strong px-2.5 py-1.5 text-left transition-colors hover:bg-raised data-[state=checked]:border-brand data-[state=checked]:bg-brand-soft"
        >
          <span className="block text-sm font-medium">{messages.types[type]}</span>
          <span className="block text-xs text-muted">{messages.typeExamples[type]}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
