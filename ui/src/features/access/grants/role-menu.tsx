import { ChevronDown, Eye } from "lucide-react";
import { useState } from "react";
import type { Grant, GrantScope } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheckItem, MenuLabel } from "@/components/ui/menu";
import { placeText } from "@/domain/access/place-name";
import { RoleIcon, roleName } from "@/domain/access/role-name";
import { useConfer } from "@/domain/access/use-confer";
import { useProjects } from "@/domain/access/use-projects";
import { useRefusal } from "@/domain/access/use-refusal";
import { useRoles } from "../lists";
import { ConfirmGrant } from "./confirm-grant";
import type { Holder } from "./holder";
import { messages } from "./messages";
import type { GrantChange } from "./use-grant-change";

export interface RoleMenuProps {
  org: string;
  holder: Holder;
  scope: GrantScope;
}

/** The roles that somebody has on one scope, to give and to take away; in gray what they have there from a wider grant. */
export function RoleMenu({ org, holder, scope }: RoleMenuProps) {
  const projects = useProjects(org);
  const roles = useRoles(org);
  const confer = useConfer();
  const refusal = useRefusal("access.grant", scope);
  const [asked, setAsked] = useState<GrantChange | null>(null);
  const own = holder.grants.filter((grant) => sameScope(grant.scope, scope));
  const wider = holder.grants.filter((grant) => isWider(grant.scope, scope));
  const where = placeText(scope, projects);
  const names = own.map(({ role }) => roleName(role));
  const [first] = own;
  const trigger = (
    <Button
      size="sm"
      disabledReason={refusal}
      look={first ? "outline" : "ghost"}
      className="max-w-44"
      aria-label={names.length > 0 ? messages.rolesNow({ where, roles: names }) : messages.noRoles(where)}
    >
      {first && <RoleIcon id={first.role.id} />}
      {!first && wider.length > 0 && <Eye aria-hidden />}
      <span className="truncate">
        {first
          ? names.join(", ")
          : wider.length > 0
            ? messages.wider([...new Set(wider.map(({ role }) => roleName(role)))])
            : messages.none}
      </span>
      <ChevronDown className="size-3.5! text-faint" aria-hidden />
    </Button>
  );
  if (refusal) return trigger;
  return (
    <>
      <Menu className="w-56" trigger={trigger}>
        <MenuLabel>{messages.rolesIn(where)}</MenuLabel>
        {roles.items.map((role) => {
          const grant = own.find((item) => item.role.id === role.id);
          return (
            <MenuCheckItem
              key={role.id}
              checked={grant !== undefined}
              disabledReason={confer(role.permissions, scope)}
              onSelect={() => setAsked({ role, scope, grant })}
            >
              {roleName(role)}
            </MenuCheckItem>
          );
        })}
      </Menu>
      {asked && <ConfirmGrant org={org} holder={holder} change={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function sameScope(a: Grant["scope"], b: GrantScope): boolean {
  return a.project === b.project && a.environment === b.environment;
}

/** Whether something granted there also holds here. */
function isWider(there: Grant["scope"], here: GrantScope): boolean {
  if (sameScope(there, here)) return false;
  if (there.project === undefined) return true;
  return there.project === here.project && there.environment === undefined;
}
