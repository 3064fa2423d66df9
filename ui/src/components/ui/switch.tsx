import { Switch as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { Hint } from "./hint";
import type { Reason } from "./reason";
import { isRefused, ReasonText } from "./reason";

export interface SwitchProps extends Omit<ComponentProps<typeof Primitive.Root>, "disabled"> {
  /** Why it cannot be moved now. It stays focusable so that everyone can read it. */
  disabledReason?: Reason;
  pending?: boolean;
}

/** The product's own gesture: the knob has eyes, open when on, shut when off. */
export function Switch({ disabledReason, pending, className, onCheckedChange, ...rest }: SwitchProps) {
  const change = (checked: boolean) => {
    if (isRefused(disabledReason)) disabledReason.explain();
    else if (!disabledReason) onCheckedChange?.(checked);
  };
  const control = (
    <Primitive.Root
      {...rest}
      onCheckedChange={change}
      aria-disabled={disabledReason ? true : undefined}
      className={cn(
        "group relative inline-flex h-[18px] w-8 shrink-0 cursor-pointer items-center rounded-full bg-off transition-colors duration-150 data-[state=checked]:bg-on aria-disabled:cursor-not-allowed aria-disabled:opacity-55",
        pending && "animate-pulse-soft",
        className,
      )}
    >
      <Primitive.Thumb className="grid size-3.5 translate-x-0.5 place-items-center rounded-full bg-white shadow-sm transition-transform duration-150 data-[state=checked]:translate-x-4">
        <span aria-hidden className="flex gap-[2.5px]">
          <span className="h-px w-[2.5px] rounded-full bg-[oklch(0.45_0.02_215)] transition-[height] group-data-[state=checked]:h-[5px]" />
          <span className="h-px w-[2.5px] rounded-full bg-[oklch(0.45_0.02_215)] transition-[height] group-data-[state=checked]:h-[5px]" />
        </span>
      </Primitive.Thumb>
    </Primitive.Root>
  );
  return disabledReason ? <Hint text={<ReasonText reason={disabledReason} />}>{control}</Hint> : control;
}
