import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export const inputStyle =
  "w-full min-w-0 rounded-md border border-line-strong bg-panel px-2.5 text-sm text-ink transition-colors hover:border-faint focus-visible:border-brand focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger aria-invalid:outline-danger disabled:bg-sunken disabled:text-faint";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return (
    <input autoComplete="off" spellCheck={false} className={cn(inputStyle, "h-8", className)} {...rest} />
  );
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(inputStyle, "min-h-16 py-1.5 leading-normal", className)} {...rest} />;
}

/** The browser's own select: quick on a phone, typed into on a keyboard, nothing to load. */
export function NativeSelect({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <select
      className={cn(
        inputStyle,
        "h-8 w-auto appearance-none bg-[image:var(--chevron)] bg-[length:14px] bg-[position:right_7px_center] bg-no-repeat pr-7",
        className,
      )}
      {...rest}
    >
      {children}
    </select>
  );
}
