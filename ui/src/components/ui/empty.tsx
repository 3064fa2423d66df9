import type { ReactNode } from "react";
import { Peek } from "@/components/mark";

export interface EmptyProps {
  title: string;
  /** It stands for the whole page, whose heading its title is. */
  heading?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing here yet: says what would be, and offers the first step. */
export function Empty({ title, heading = false, children, action }: EmptyProps) {
  const Title = heading ? "h1" : "p";
  return (
    <div className="flex flex-col items-center rounded-lg border border-dashed border-line-strong px-6 py-14 text-center">
      <Peek className="mb-4 w-16" />
      <Title className="text-base font-semibold focus:outline-none">{title}</Title>
      {children && <div className="mt-1 max-w-md text-sm text-balance text-muted">{children}</div>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
