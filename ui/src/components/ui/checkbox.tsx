import { Check } from "lucide-react";
import { Checkbox as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";
import { cn } from "@/lib/cn";
import { Hint } from "./hint";
import type { Reason } from "./reason";
import { isRefused, ReasonText } from "./reason";

export interface CheckboxProps
  extends Omit<ComponentProps<typeof Primitive.Root>, "onCheckedChange" | "disabled"> {
  label: ReactNode;
  help?: ReactNode;
  /** What it means, where there is no room for help. */
  hint?: ReactNode;
  /** Why it cannot be changed now. It stays focusable so that everyone can read it. */
  disabledReason?: Reason;
  onCheckedChange: (checked: boolean) => void;
}

export function Checkbox(props: CheckboxProps) {
  const { label, help, hint, disabledReason, className, onCheckedChange, ...rest } = props;
  const id = useId();
  const change = (checked: boolean) => {
    if (isRefused(disabledReason)) disabledReason.explain();
    else if (!disabledReason) onCheckedChange(checked);
  };
  const text = disabledReason ? <ReasonText reason={disabledReason} /> : hint;
  const control = (
    <Primitive.Root
      id={id}
      {...(help ? { "aria-describedby": `${id}-help` } : {})}
      aria-disabled={disabledReason ? true : undefined}
      onCheckedChange={(checked) => change(checked === true)}
      className="mt-0.5 grid size-4 shrink-0 place-items-center rounded border border-line-strong bg-panel data-[state=checked]:border-brand data-[state=checked]:bg-brand aria-disabled:cursor-not-allowed aria-disabled:opacity-55"
      {...rest}
    >
      <Primitive.Indicator>
        <Check className="size-3 text-brand-ink" strokeWidth={3} aria-hidden />
      </Primitive.Indicator>
    </Primitive.Root>
  );
  return (
    <div className={cn("flex items-start gap-2", className)}>
      {text ? (
        <Hint text={text} side="bottom">
          {control}
        </Hint>
      ) : (
        control
      )}
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
