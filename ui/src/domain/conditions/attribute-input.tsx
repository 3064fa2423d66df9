import { Input } from "@/components/ui/input";
import { cn } from "@/lib/cn";
import { ATTRIBUTE_LIST, useEditor } from "./editor-context";

export interface AttributeInputProps {
  value: string;
  onChange: (value: string) => void;
  label?: string;
  invalid?: boolean;
  className?: string;
}

/** An attribute's name, or a JSON Pointer such as `/org/plan`. */
export function AttributeInput({
  value,
  onChange,
  label = "Attribute",
  invalid,
  className,
}: AttributeInputProps) {
  const { disabledReason } = useEditor();
  return (
    <Input
      aria-label={label}
      aria-invalid={invalid || undefined}
      list={ATTRIBUTE_LIST}
      placeholder="attribute"
      title="A name such as country, or a JSON Pointer such as /org/plan"
      readOnly={Boolean(disabledReason)}
      className={cn("w-36 font-mono text-xs", className)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
