import type { VariantProps } from "class-variance-authority";
import { cva } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const badgeStyle = cva(
  "inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-[5px] px-1.5 text-2xs font-medium [&_svg]:size-3",
  {
    variants: {
      tone: {
        plain: "bg-raised text-muted",
        outline: "border border-line text-muted",
        good: "bg-good-soft text-good",
        danger: "bg-danger-soft text-danger",
        boo: "bg-boo-soft text-boo-ink",
        brand: "bg-brand-soft text-brand",
      },
    },
    defaultVariants: { tone: "plain" },
  },
);

export interface BadgeProps extends ComponentProps<"span">, VariantProps<typeof badgeStyle> {}

export function Badge({ tone, className, ...rest }: BadgeProps) {
  return <span className={cn(badgeStyle({ tone }), className)} {...rest} />;
}
