import type { ReactNode } from "react";
import { usePageTitle } from "@/lib/page-title";

export interface PageHeaderProps {
  title: string;
  /** Beside the title: the key, to copy. */
  beside?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, beside, description, actions }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <header className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
      <div className="min-w-0">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5">
          <h1 className="min-w-0 truncate text-xl font-semibold tracking-[-0.02em] focus:outline-none">
            {title}
          </h1>
          {beside && <span className="flex items-center text-xs text-muted">{beside}</span>}
        </div>
        {description && <p className="mt-0.5 text-sm text-pretty text-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
