import { Input } from "@/components/ui/input";
import { cn } from "@/lib/cn";
import { ATTRIBUTE_LIST, useEditor } from "./editor-context";
import { messages } from "./messages";

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
  label = messages.attribute,
  invalid,
  className,
}: AttributeInputProps) {
  const { disabledReason } = useEditor();
  return (
    <Input
      aria-label={label}
      aria-invalid={invalid || undefined}
      list={ATTRIBUTE_LIST}
      placeholder={messages.attributePlaceholder}
      title={messages.attributeHelp}
      readOnly={Boolean(disabledReason)}
      className={cn("w-36 font-mono text-xs", className)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
