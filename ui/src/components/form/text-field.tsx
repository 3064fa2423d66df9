import type { ComponentProps, ReactNode } from "react";
import type { Control, FieldPath, FieldValues } from "react-hook-form";
import { useController } from "react-hook-form";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

export interface TextFieldProps<Values extends FieldValues>
  extends Omit<ComponentProps<"input">, "name" | "form" | "value" | "defaultValue"> {
  control: Control<Values, unknown, Values>;
  name: FieldPath<Values>;
  label: ReactNode;
  help?: ReactNode;
  optional?: boolean;
}

/** A line of text in a form. */
export function TextField<Values extends FieldValues>(props: TextFieldProps<Values>) {
  const { control, name, label, help, optional = false, onChange, ...rest } = props;
  const { field, fieldState } = useController({ control, name });
  return (
    <Field label={label} help={help} optional={optional} error={fieldState.error?.message}>
      {(attributes) => (
        <Input
          {...rest}
          {...attributes}
          {...field}
          onChange={(event) => {
            field.onChange(event);
            onChange?.(event);
          }}
        />
      )}
    </Field>
  );
}
