import { useState } from "react";
import type { Control, FieldPathByValue, FieldValues } from "react-hook-form";
import { useController } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { same } from "@/lib/same";
import { messages } from "./messages";

export interface OriginsFieldProps<Values extends FieldValues> {
  control: Control<Values, unknown, Values>;
  name: FieldPathByValue<Values, string[]>;
}

/** The web pages that may use a client key. */
export function OriginsField<Values extends FieldValues>({ control, name }: OriginsFieldProps<Values>) {
  const { field, fieldState } = useController({ control, name });
  const held: string[] = field.value;
  // The text as it is typed, for as long as it means what the form holds: that may also change from elsewhere.
  const [typed, setTyped] = useState(() => held.join("\n"));
  const text = same(readOrigins(typed), held) ? typed : held.join("\n");
  return (
    <Field
      label={messages.key.allowedOrigins}
      optional
      help={messages.key.allowedOriginsHelp}
      error={fieldState.error?.message}
    >
      {(attributes) => (
        <Textarea
          {...attributes}
          ref={field.ref}
          rows={3}
          spellCheck={false}
          placeholder={messages.key.originsExample}
          className="font-mono text-xs"
          value={text}
          onBlur={field.onBlur}
          onChange={(event) => {
            setTyped(event.target.value);
            field.onChange(readOrigins(event.target.value));
          }}
        />
      )}
    </Field>
  );
}

/** The origins in a text: one a line. */
export function readOrigins(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((origin) => origin.replace(/\/+$/, ""))
    .filter((origin) => origin !== "");
}
