import { RadioGroup } from "radix-ui";
import { useId } from "react";
import type { Control, FieldPathByValue, FieldValues } from "react-hook-form";
import { useController } from "react-hook-form";
import { COLORS } from "./colors";
import { messages } from "./messages";

export interface ColorFieldProps<Values extends FieldValues> {
  control: Control<Values, unknown, Values>;
  name: FieldPathByValue<Values, string>;
}

/** The color of an environment's dot. */
export function ColorField<Values extends FieldValues>({ control, name }: ColorFieldProps<Values>) {
  const { field, fieldState } = useController({ control, name });
  const id = useId();
  const value: string = field.value;
  const offered = COLORS.map(({ value: color, name: key }) => ({
    value: color as string,
    name: messages.colors[key],
  }));
  const known = offered.some((color) => color.value === value.toLowerCase());
  const colors = known ? offered : [{ value, name: messages.currentColor }, ...offered];
  return (
    <div>
      <p id={id} className="mb-1.5 text-sm font-medium">
        {messages.color}
      </p>
      <RadioGroup.Root
        ref={field.ref}
        aria-labelledby={id}
        value={value.toLowerCase()}
        onValueChange={field.onChange}
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
      {fieldState.error?.message && (
        <p role="alert" className="mt-1.5 text-xs text-danger">
          {fieldState.error.message}
        </p>
      )}
    </div>
  );
}
