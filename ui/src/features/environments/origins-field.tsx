import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";

export interface OriginsFieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

/** The web pages that may use a client key. */
export function OriginsField({ value, onChange, error }: OriginsFieldProps) {
  return (
    <Field
      label="Allowed origins"
      optional
      help="One a line, such as https://shop.example.com. None means any."
      error={error}
    >
      {(control) => (
        <Textarea
          {...control}
          rows={3}
          spellCheck={false}
          placeholder="https://shop.example.com"
          className="font-mono text-xs"
          value={value}
          onChange={(event) => onChange(event.target.value)}
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
