import type { LinkProps } from "@tanstack/react-router";
import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { Hint } from "@/components/ui/hint";
import { cn } from "@/lib/cn";

export interface NavLinkProps extends Pick<LinkProps, "to" | "params"> {
  icon: LucideIcon;
  label: string;
  count?: number | undefined;
  /** Only the icon is shown; its name is read out, and shown on hover. */
  collapsed: boolean;
  /** Pages below this one do not count as this one. */
  exact?: boolean;
}

export function NavLink({ icon: Icon, label, count, collapsed, exact = false, ...link }: NavLinkProps) {
  const shown = (
    <Link
      {...link}
      activeOptions={{ exact, includeSearch: false }}
      className={cn(
        "group flex h-[29px] items-center gap-2.5 rounded-md px-2 text-sm font-[450] text-muted transition-colors hover:bg-raised hover:text-ink data-[status=active]:bg-current-row data-[status=active]:font-medium data-[status=active]:text-ink",
        collapsed && "justify-center px-0",
      )}
    >
      <Icon className="size-4 shrink-0 text-faint group-data-[status=active]:text-ink" aria-hidden />
      <span className={cn("min-w-0 flex-1 truncate", collapsed && "sr-only")}>{label}</span>
      {count !== undefined && !collapsed && (
        <span className="text-2xs text-faint group-data-[status=active]:text-muted">{count}</span>
      )}
    </Link>
  );
  return collapsed ? (
    <Hint text={label} side="right">
      {shown}
    </Hint>
  ) : (
    shown
  );
}
