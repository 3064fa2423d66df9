import { BadgeCheck, Crown, Eye, Pencil, Shield } from "lucide-react";
import type { Grant, Role } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { messages } from "@/domain/messages";

const ICONS = { viewer: Eye, editor: Pencil, admin: Shield, owner: Crown };

/** What a role is called; only the hub's own roles have names in every language. */
export function roleName({ id, name, builtIn }: Pick<Grant["role"], "id" | "name" | "builtIn">): string {
  return builtIn ? (messages.roles[id as Role] ?? name) : name;
}

/** The icon of a built-in role, or of every custom one. */
export function RoleIcon({ id }: { id: string }) {
  const Icon = ICONS[id as keyof typeof ICONS] ?? BadgeCheck;
  return <Icon aria-hidden />;
}

/** A role as a badge. */
export function RoleBadge({ role }: { role: Grant["role"] }) {
  return (
    <Badge>
      <RoleIcon id={role.id} />
      <span className="truncate">{roleName(role)}</span>
    </Badge>
  );
}
