import type { ComponentProps, ReactNode } from "react";
import type { Control, FieldPath, FieldValues } from "react-hook-form";
import { useController } from "react-hook-form";
import { Field } from "../ui/field";
import { Textarea } from "../ui/input";

export interface TextAreaFieldProps<Values extends FieldValues>
  extends Omit<ComponentProps<"textarea">, "name" | "form" | "value" | "defaultValue" | "onChange"> {
  control: Control<Values, unknown, Values>;
  name: FieldPath<Values>;
  label: ReactNode;
  help?: ReactNode;
  optional?: boolean;
}

/** Lines of text in a form. */
export function TextAreaField<Values extends FieldValues>(props: TextAreaFieldProps<Values>) {
  const { control, name, label, help, optional = false, ...rest } = props;
  const { field, fieldState } = useController({ control, name });
  return (
    <Field label={label} help={help} optional={optional} error={fieldState.error?.message}>
      {(attributes) => <Textarea {...rest} {...attributes} {...field} />}
    </Field>
  );
}
