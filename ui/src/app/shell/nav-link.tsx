import type { LinkProps } from "@tanstack/react-router";
import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";

export interface NavLinkProps extends Pick<LinkProps, "to" | "params"> {
  icon: LucideIcon;
  label: string;
  count?: number | undefined;
}

export function NavLink({ icon: Icon, label, count, ...link }: NavLinkProps) {
  return (
    <Link
      {...link}
      className="group flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-muted transition-colors hover:bg-raised hover:text-ink data-[status=active]:bg-raised data-[status=active]:font-medium data-[status=active]:text-ink"
    >
      <Icon className="size-4 shrink-0 text-faint group-data-[status=active]:text-brand" aria-hidden />
      <span className="flex-1">{label}</span>
      {count !== undefined && <span className="text-xs text-faint tabular-nums">{count}</span>}
    </Link>
  );
}
