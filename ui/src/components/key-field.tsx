import type { ReactNode } from "react";
import { keyProblem, MAX_KEY_LENGTH } from "@/lib/slug";
import { Field } from "./ui/field";
import { Input } from "./ui/input";

export interface KeyFieldProps {
  value: string;
  onChange: (key: string) => void;
  error?: string | undefined;
  help?: ReactNode;
}

/** A human key: what names the thing in URLs and in code. */
export function KeyField({ value, onChange, error, help }: KeyFieldProps) {
  return (
    <Field label="Key" help={help} error={error ?? (value ? keyProblem(value) : undefined)}>
      {(control) => (
        <Input
          {...control}
          required
          maxLength={MAX_KEY_LENGTH}
          pattern="[a-z0-9][a-z0-9._\-]*"
          title="Small letters, digits, dots, dashes and underscores"
          className="font-mono"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
