import type { VariantProps } from "class-variance-authority";
import { cva } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps, MouseEvent } from "react";
import { cn } from "@/lib/cn";
import { Hint } from "./hint";
import type { Reason } from "./reason";
import { isRefused, ReasonText } from "./reason";

export const buttonStyle = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors [&_svg]:size-4 [&_svg]:shrink-0 aria-disabled:opacity-50 disabled:opacity-50",
  {
    variants: {
      look: {
        primary: "bg-brand text-brand-ink hover:bg-brand-hover aria-disabled:hover:bg-brand",
        outline: "border border-line-strong bg-panel text-ink hover:bg-raised aria-disabled:hover:bg-panel",
        ghost: "text-muted hover:bg-raised hover:text-ink aria-disabled:hover:bg-transparent",
        danger: "bg-danger text-danger-ink hover:bg-danger-hover aria-disabled:hover:bg-danger",
        link: "text-brand underline-offset-4 hover:underline",
      },
      size: {
        sm: "h-7 px-2.5 text-xs",
        md: "h-8 px-3 text-sm",
        lg: "h-10 px-4 text-base",
        icon: "size-8",
        "icon-sm": "size-7",
        none: "",
      },
    },
    defaultVariants: { look: "outline", size: "md" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonStyle> {
  /** Renders the single child (a link) in the button's clothes. */
  asChild?: boolean | undefined;
  /** Shows that the action is under way and ignores further presses. */
  busy?: boolean | undefined;
  /** Why the action cannot be taken now. The button stays focusable so that everyone can read it. */
  disabledReason?: Reason;
}

export function Button({
  look,
  size,
  asChild,
  busy,
  disabledReason,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const classes = cn(buttonStyle({ look, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  const inert = Boolean(disabledReason) || busy === true;
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (inert) {
      event.preventDefault();
      if (isRefused(disabledReason)) disabledReason.explain();
      return;
    }
    onClick?.(event);
  };
  const button = (
    <button type={type} className={classes} aria-disabled={inert || undefined} onClick={press} {...rest}>
      {busy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
  return disabledReason ? <Hint text={<ReasonText reason={disabledReason} />}>{button}</Hint> : button;
}
