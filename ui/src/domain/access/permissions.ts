import type { Permission, Role, ScopeKind } from "@/api/types";
import { messages } from "./messages";

/** What the dashboard needs to know of a permission without asking: the table of `docs/access.md`. */
export interface PermissionFacts {
  /** The narrowest kind of place on which it is decided. */
  on: ScopeKind;
  /** The lowest built-in role that has it; each higher one has it too. */
  least: Role;
}

export const PERMISSIONS: Record<Permission, PermissionFacts> = {
  "flag.read": { on: "project", least: "viewer" },
  "flag.create": { on: "project", least: "editor" },
  "flag.update": { on: "project", least: "editor" },
  "flag.delete": { on: "project", least: "editor" },
  "targeting.update": { on: "environment", least: "editor" },
  "flag.toggle": { on: "environment", least: "editor" },
  "segment.read": { on: "project", least: "viewer" },
  "segment.update": { on: "project", least: "editor" },
  "project.read": { on: "project", least: "viewer" },
  "project.create": { on: "organization", least: "admin" },
  "project.update": { on: "project", least: "admin" },
  "project.delete": { on: "project", least: "admin" },
  "environment.read": { on: "environment", least: "viewer" },
  "environment.create": { on: "project", least: "admin" },
  "environment.update": { on: "environment", least: "admin" },
  "environment.delete": { on: "environment", least: "admin" },
  "key.read": { on: "environment", least: "viewer" },
  "key.manage": { on: "environment", least: "admin" },
  "audit.read": { on: "environment", least: "viewer" },
  "audit.readAccess": { on: "organization", least: "admin" },
  "audit.export": { on: "organization", least: "admin" },
  "member.read": { on: "organization", least: "admin" },
  "member.invite": { on: "organization", least: "admin" },
  "member.manage": { on: "organization", least: "admin" },
  "team.manage": { on: "organization", least: "admin" },
  "role.manage": { on: "organization", least: "admin" },
  "serviceAccount.manage": { on: "organization", least: "admin" },
  "access.grant": { on: "environment", least: "admin" },
  "organization.update": { on: "organization", least: "owner" },
  "organization.security": { on: "organization", least: "owner" },
  "usage.erase": { on: "organization", least: "owner" },
  "organization.export": { on: "organization", least: "owner" },
  "organization.delete": { on: "organization", least: "owner" },
};

const ROLES: readonly Role[] = ["viewer", "editor", "admin", "owner"];

/** What a permission allows, as it stands in a list: "Change targeting". */
export function permissionName(permission: Permission): string {
  const words = messages.permissions[permission];
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether a built-in role in the whole organization has the permission everywhere. */
export function roleHas(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission].least);
}
