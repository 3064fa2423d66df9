import { X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useState } from "react";
import { messages } from "./messages";
import { Badge } from "./ui/badge";
import { Field } from "./ui/field";

export interface TagInputProps {
  value: string[];
  onChange: (tags: string[]) => void;
  error?: string | undefined;
  label?: string;
  /** Shows what to write while nothing is. */
  placeholder?: string;
  optional?: boolean;
}

export function TagInput(props: TagInputProps) {
  const { value, onChange, error, label = messages.tags } = props;
  const { placeholder = messages.tagsExample, optional = true } = props;
  const [typed, setTyped] = useState("");
  const add = () => {
    const tags = typed
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "" && !value.includes(tag));
    if (tags.length > 0) onChange([...value, ...tags]);
    setTyped("");
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === "Enter" || event.key === ",") && typed.trim()) {
      event.preventDefault();
      add();
    }
    if (event.key === "Backspace" && typed === "") onChange(value.slice(0, -1));
  };
  return (
    <Field label={label} optional={optional} error={error}>
      {(control) => (
        <div className="flex min-h-8 flex-wrap items-center gap-1 rounded-md border border-line-strong bg-panel px-1.5 py-1 focus-within:border-brand focus-within:outline-1 focus-within:outline-brand">
          {value.map((tag) => (
            <Badge key={tag} className="h-6 pr-0">
              {tag}
              <button
                type="button"
                className="grid size-6 place-items-center"
                aria-label={messages.removeTag(tag)}
                onClick={() => onChange(value.filter((item) => item !== tag))}
              >
                <X aria-hidden />
              </button>
            </Badge>
          ))}
          <input
            {...control}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={press}
            onBlur={add}
            placeholder={value.length === 0 ? placeholder : ""}
            className="min-w-20 flex-1 bg-transparent px-1 text-sm outline-none"
          />
        </div>
      )}
    </Field>
  );
}
