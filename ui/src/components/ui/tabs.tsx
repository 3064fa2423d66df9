import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface TabsProps<Name extends string> {
  value: Name;
  onChange: (value: Name) => void;
  label: string;
  tabs: readonly { value: Name; label: ReactNode }[];
  children: ReactNode;
  className?: string;
}

export function Tabs<Name extends string>({
  value,
  onChange,
  label,
  tabs,
  children,
  className,
}: TabsProps<Name>) {
  return (
    <Primitive.Root value={value} onValueChange={(next) => onChange(next as Name)} className={className}>
      <Primitive.List
        aria-label={label}
        className="-mx-4 flex gap-1 overflow-x-auto border-b px-4 [scrollbar-width:none] sm:mx-0 sm:px-0"
      >
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex items-center gap-1.5 whitespace-nowrap border-b-2 border-transparent px-2.5 py-2 text-sm font-medium text-muted transition-colors hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-brand data-[state=active]:text-ink"
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {children}
    </Primitive.Root>
  );
}

export function TabPanel({
  value,
  children,
  className,
}: {
  value: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <Primitive.Content value={value} className={cn("pt-5 focus-visible:outline-none", className)}>
      {children}
    </Primitive.Content>
  );
}
