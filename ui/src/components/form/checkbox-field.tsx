import type { ReactNode } from "react";
import type { Control, FieldPathByValue, FieldValues } from "react-hook-form";
import { useController } from "react-hook-form";
import { Checkbox } from "../ui/checkbox";

export interface CheckboxFieldProps<Values extends FieldValues> {
  control: Control<Values, unknown, Values>;
  name: FieldPathByValue<Values, boolean>;
  label: ReactNode;
  help?: ReactNode;
}

/** Yes or no in a form. */
export function CheckboxField<Values extends FieldValues>(props: CheckboxFieldProps<Values>) {
  const { control, name, label, help } = props;
  const { field, fieldState } = useController({ control, name });
  return (
    <div>
      <Checkbox
        ref={field.ref}
        checked={field.value}
        onBlur={field.onBlur}
        onCheckedChange={field.onChange}
        label={label}
        help={help}
      />
      {fieldState.error?.message && (
        <p role="alert" className="mt-1 pl-6 text-xs text-danger">
          {fieldState.error.message}
        </p>
      )}
    </div>
  );
}
