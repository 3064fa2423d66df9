import { useEffect, useState } from "react";
import { Input } from "@/components/ui/input";
import { parsePercent, typedPercent } from "@/domain/targeting/weights";
import { useEditor } from "./editor-context";

export interface PercentInputProps {
  label: string;
  weight: number;
  onChange: (weight: number) => void;
  invalid?: boolean;
}

/** A share in percent, with up to three decimals; arrow keys change it by one, with Shift by ten. */
export function PercentInput({ label, weight, onChange, invalid }: PercentInputProps) {
  const { disabledReason } = useEditor();
  const [typed, setTyped] = useState(typedPercent(weight));
  const [focused, setFocused] = useState(false);
  useEffect(() => {
    if (!focused) setTyped(typedPercent(weight));
  }, [weight, focused]);
  const type = (text: string) => {
    setTyped(text);
    const parsed = parsePercent(text);
    if (parsed !== undefined) onChange(parsed);
  };
  const step = (by: number) => {
    const next = Math.min(100_000, Math.max(0, weight + by));
    setTyped(typedPercent(next));
    onChange(next);
  };
  return (
    <span className="relative inline-block">
      <Input
        inputMode="decimal"
        aria-label={label}
        aria-invalid={invalid || parsePercent(typed) === undefined || undefined}
        readOnly={Boolean(disabledReason)}
        className="w-20 pr-6 text-right tabular-nums"
        value={typed}
        onChange={(event) => type(event.target.value)}
        onFocus={(event) => {
          setFocused(true);
          event.target.select();
        }}
        onBlur={() => setFocused(false)}
        onKeyDown={(event) => {
          if (disabledReason || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
          event.preventDefault();
          step((event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10_000 : 1_000));
        }}
      />
      <span aria-hidden className="pointer-events-none absolute top-1.5 right-2 text-sm text-faint">
        %
      </span>
    </span>
  );
}
