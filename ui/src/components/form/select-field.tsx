import type { ReactNode } from "react";
import type { Control, FieldPath, FieldValues } from "react-hook-form";
import { useController } from "react-hook-form";
import { Field } from "../ui/field";
import { NativeSelect } from "../ui/input";

export interface SelectFieldProps<Values extends FieldValues> {
  control: Control<Values, unknown, Values>;
  name: FieldPath<Values>;
  label: ReactNode;
  options: readonly { value: string; label: string }[];
}

/** One of a few choices in a form. */
export function SelectField<Values extends FieldValues>({
  control,
  name,
  label,
  options,
}: SelectFieldProps<Values>) {
  const { field, fieldState } = useController({ control, name });
  return (
    <Field label={label} error={fieldState.error?.message}>
      {(attributes) => (
        <NativeSelect {...attributes} {...field} className="w-full">
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </NativeSelect>
      )}
    </Field>
  );
}
