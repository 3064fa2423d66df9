import { RadioGroup } from "radix-ui";
import { COLORS } from "./colors";

export function ColorChoice({ value, onChange }: { value: string; onChange: (color: string) => void }) {
  const known = COLORS.some((color) => color.value === value.toLowerCase());
  const colors = known ? COLORS : [{ value, name: "Current color" }, ...COLORS];
  return (
    <div>
      <p className="mb-1.5 text-sm font-medium">Color</p>
      <RadioGroup.Root
        aria-label="Color"
        value={value.toLowerCase()}
        onValueChange={onChange}
        className="flex flex-wrap gap-2"
      >
        {colors.map((color) => (
          <RadioGroup.Item
            key={color.value}
            value={color.value.toLowerCase()}
            aria-label={color.name}
            title={color.name}
            style={{ background: color.value }}
            className="size-6 rounded-full ring-offset-2 ring-offset-panel data-[state=checked]:ring-2 data-[state=checked]:ring-ink"
          />
        ))}
      </RadioGroup.Root>
    </div>
  );
}
