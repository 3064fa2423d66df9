import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { Reason } from "./reason";
import { isRefused, ReasonText } from "./reason";

export interface MenuProps {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  className?: string;
}

export function Menu({ trigger, children, align = "start", side = "bottom", className }: MenuProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={5}
          collisionPadding={8}
          className={cn(
            "z-50 max-h-[min(28rem,var(--radix-dropdown-menu-content-available-height))] min-w-44 animate-in overflow-y-auto rounded-lg border bg-panel p-1 shadow-float",
            className,
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

const itemStyle =
  "flex w-full cursor-pointer select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-[highlighted]:bg-raised aria-disabled:cursor-not-allowed aria-disabled:text-faint [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

export interface MenuItemProps extends ComponentProps<typeof Primitive.Item> {
  danger?: boolean;
  /** Why the item cannot be chosen; it is shown under its name. */
  disabledReason?: Reason;
}

export function MenuItem({ danger, disabledReason, className, children, onSelect, ...rest }: MenuItemProps) {
  // It stays focusable, so that whoever comes by with the keyboard can read why.
  const select = (event: Event) => {
    if (isRefused(disabledReason)) disabledReason.explain();
    else if (disabledReason) event.preventDefault();
    else onSelect?.(event);
  };
  return (
    <Primitive.Item
      {...rest}
      onSelect={select}
      aria-disabled={disabledReason ? true : undefined}
      className={cn(itemStyle, danger && "text-danger [&_svg]:text-danger", className)}
    >
      {disabledReason ? (
        <span className="flex flex-col">
          <span className="flex items-center gap-2">{children}</span>
          <span className="max-w-52 text-xs text-faint">
            <ReasonText reason={disabledReason} />
          </span>
        </span>
      ) : (
        children
      )}
    </Primitive.Item>
  );
}

export interface MenuCheckItemProps extends ComponentProps<typeof Primitive.CheckboxItem> {
  /** Why the item cannot be chosen; it is shown under its name. */
  disabledReason?: Reason;
}

export function MenuCheckItem({ children, disabledReason, onSelect, ...rest }: MenuCheckItemProps) {
  const select = (event: Event) => {
    if (isRefused(disabledReason)) disabledReason.explain();
    else if (disabledReason) event.preventDefault();
    else onSelect?.(event);
  };
  return (
    <Primitive.CheckboxItem
      {...rest}
      onSelect={select}
      aria-disabled={disabledReason ? true : undefined}
      className={itemStyle}
    >
      <span className="grid size-4 place-items-center">
        <Primitive.ItemIndicator>
          <Check className="text-brand!" aria-hidden />
        </Primitive.ItemIndicator>
      </span>
      {disabledReason ? (
        <span className="flex flex-col">
          {children}
          <span className="max-w-44 text-xs text-faint">
            <ReasonText reason={disabledReason} />
          </span>
        </span>
      ) : (
        children
      )}
    </Primitive.CheckboxItem>
  );
}

export interface MenuChoiceProps {
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: ReactNode }[];
}

export function MenuChoice({ value, onChange, options }: MenuChoiceProps) {
  return (
    <Primitive.RadioGroup value={value} onValueChange={onChange}>
      {options.map((option) => (
        <Primitive.RadioItem key={option.value} value={option.value} className={itemStyle}>
          <span className="grid size-4 place-items-center">
            <Primitive.ItemIndicator>
              <Check className="text-brand!" aria-hidden />
            </Primitive.ItemIndicator>
          </span>
          {option.label}
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Primitive.Label className="px-2 pt-1.5 pb-1 text-2xs font-medium text-faint">{children}</Primitive.Label>
  );
}

export function MenuSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
}
