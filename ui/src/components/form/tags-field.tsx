import type { Control, FieldPathByValue, FieldValues } from "react-hook-form";
import { useController } from "react-hook-form";
import { TagInput } from "../tag-input";

export interface TagsFieldProps<Values extends FieldValues> {
  control: Control<Values, unknown, Values>;
  name: FieldPathByValue<Values, string[]>;
  label?: string;
  placeholder?: string;
  optional?: boolean;
}

/** A list of words in a form. */
export function TagsField<Values extends FieldValues>(props: TagsFieldProps<Values>) {
  const { control, name, ...rest } = props;
  const { field, fieldState } = useController({ control, name });
  return (
    <TagInput value={field.value} onChange={field.onChange} error={fieldState.error?.message} {...rest} />
  );
}
