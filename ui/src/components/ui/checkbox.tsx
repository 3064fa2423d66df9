import { Check } from "lucide-react";
import { Checkbox as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";
import { cn } from "@/lib/cn";

export interface CheckboxProps extends Omit<ComponentProps<typeof Primitive.Root>, "onCheckedChange"> {
  label: ReactNode;
  help?: ReactNode;
  onCheckedChange: (checked: boolean) => void;
}

export function Checkbox({ label, help, className, onCheckedChange, ...rest }: CheckboxProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start gap-2", className)}>
      <Primitive.Root
        id={id}
        aria-describedby={help ? `${id}-help` : undefined}
        onCheckedChange={(checked) => onCheckedChange(checked === true)}
        className="mt-0.5 grid size-4 shrink-0 place-items-center rounded border border-line-strong bg-panel data-[state=checked]:border-brand data-[state=checked]:bg-brand"
        {...rest}
      >
        <Primitive.Indicator>
          <Check className="size-3 text-brand-ink" strokeWidth={3} aria-hidden />
        </Primitive.Indicator>
      </Primitive.Root>
      <div>
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {help && (
          <p id={`${id}-help`} className="text-xs text-muted">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}
