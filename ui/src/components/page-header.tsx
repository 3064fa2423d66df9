import type { ReactNode } from "react";
import { usePageTitle } from "@/lib/page-title";

export interface PageHeaderProps {
  title: string;
  /** Above the title: where this page belongs. */
  trail?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, trail, description, actions }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-4 gap-y-3">
      <div className="min-w-0">
        {trail && <div className="mb-1 flex items-center gap-1.5 text-xs text-muted">{trail}</div>}
        <h1 className="truncate text-xl font-semibold tracking-tight">{title}</h1>
        {description && <p className="mt-0.5 text-sm text-pretty text-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
