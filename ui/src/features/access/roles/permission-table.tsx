import { Box, Building2, Check, Layers, Lock, Minus } from "lucide-react";
import { Fragment } from "react";
import type { Permission, PermissionInfo, Role, ScopeKind } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { ScrollTable } from "@/components/ui/scroll-table";
import { permissionName, roleHas } from "@/domain/access/permissions";
import { messages as shared } from "@/domain/messages";
import { cn } from "@/lib/cn";
import { messages } from "./messages";

const KIND_ICONS: Record<ScopeKind, typeof Box> = {
  organization: Building2,
  project: Box,
  environment: Layers,
};
const COMPARED: readonly Role[] = ["viewer", "editor", "admin"];

export interface PermissionTableProps {
  permissions: readonly PermissionInfo[];
  /** What the role has, and what it had before it was edited. */
  held: readonly Permission[];
  before: readonly Permission[];
  /** Puts a permission into the role or takes it out; nothing where it cannot be changed. */
  onToggle?: ((permission: Permission) => void) | undefined;
}

/** What a role allows, by area, beside what the built-in roles allow. */
export function PermissionTable({ permissions, held, before, onToggle }: PermissionTableProps) {
  const areas = [...new Set(permissions.map(({ area }) => area))];
  const head = "h-[34px] px-3 text-left text-xs font-medium whitespace-nowrap text-muted";
  return (
    <div>
      <ScrollTable label={messages.permissions}>
        <thead>
          <tr className="bg-sunken">
            <th scope="col" className={head}>
              {messages.permission}
            </th>
            <th scope="col" className={head}>
              {messages.checkedOn}
            </th>
            {COMPARED.map((role) => (
              <th key={role} scope="col" className={cn(head, "text-center")}>
                {shared.roles[role]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {areas.map((area) => {
            const inArea = permissions.filter((info) => info.area === area);
            const count = inArea.filter(({ key }) => held.includes(key)).length;
            return (
              <Fragment key={area}>
                <tr className="border-t bg-sunken">
                  <th
                    colSpan={2 + COMPARED.length}
                    scope="rowgroup"
                    className="px-3 py-1.5 text-left text-xs font-medium"
                  >
                    {messages.areaCount({ area, held: count, all: inArea.length })}
                  </th>
                </tr>
                {inArea.map((info) => (
                  <PermissionRow
                    key={info.key}
                    info={info}
                    has={held.includes(info.key)}
                    had={before.includes(info.key)}
                    onToggle={onToggle}
                  />
                ))}
              </Fragment>
            );
          })}
        </tbody>
      </ScrollTable>
      {onToggle && (
        <p className="mt-2 flex items-center gap-1.5 text-xs text-muted">
          <Lock className="size-3.5" aria-hidden /> {messages.notInCustom}
        </p>
      )}
    </div>
  );
}

interface PermissionRowProps {
  info: PermissionInfo;
  has: boolean;
  had: boolean;
  onToggle: PermissionTableProps["onToggle"];
}

function PermissionRow({ info, has, had, onToggle }: PermissionRowProps) {
  const Icon = KIND_ICONS[info.scope];
  const name = permissionName(info.key);
  return (
    <tr className={cn("border-t", has !== had && "bg-brand-soft")}>
      <th scope="row" className="min-w-56 px-3 py-2 text-left font-normal">
        <span className="flex items-center gap-2">
          {onToggle && info.inCustomRoles && (
            <Checkbox checked={has} onCheckedChange={() => onToggle(info.key)} label={name} />
          )}
          {onToggle && !info.inCustomRoles && (
            <>
              <span
                role="img"
                aria-label={messages.never}
                className="size-4 shrink-0 rounded border border-dashed border-line-strong"
              />
              <span className="text-muted">{name}</span>
            </>
          )}
          {!onToggle && (
            <>
              <Held has={has} />
              <span className={has ? undefined : "text-muted"}>{name}</span>
            </>
          )}
          {has !== had && (
            <Badge tone={has ? "brand" : "danger"}>{has ? messages.added : messages.removed}</Badge>
          )}
        </span>
      </th>
      <td className="px-3 text-muted">
        <span className="flex items-center gap-1.5 whitespace-nowrap">
          <Icon className="size-3.5" aria-hidden /> {messages.kinds[info.scope]}
        </span>
      </td>
      {COMPARED.map((role) => (
        <td key={role} className="px-3">
          <span className="flex justify-center">
            <Held has={roleHas(role, info.key)} />
          </span>
        </td>
      ))}
    </tr>
  );
}

function Held({ has }: { has: boolean }) {
  return (
    <>
      {has ? (
        <Check className="size-4 shrink-0" aria-hidden />
      ) : (
        <Minus className="size-4 shrink-0 text-faint" aria-hidden />
      )}
      <span className="sr-only">{has ? messages.included : messages.notIncluded}</span>
    </>
  );
}
