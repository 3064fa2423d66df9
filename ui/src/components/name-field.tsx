import type { ReactNode } from "react";
import { fieldError } from "@/api/problem";
import { Field } from "./ui/field";
import { Input } from "./ui/input";

export interface NameFieldProps {
  value: string;
  onChange: (name: string) => void;
  /** What the hub said of the form. */
  error: unknown;
  help?: ReactNode;
  placeholder?: string;
  autoFocus?: boolean;
}

/** What people call the thing. */
export function NameField({ value, onChange, error, help, placeholder, autoFocus }: NameFieldProps) {
  return (
    <Field label="Name" help={help} error={fieldError(error, "/name")}>
      {(control) => (
        <Input
          {...control}
          autoFocus={autoFocus}
          required
          maxLength={200}
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
