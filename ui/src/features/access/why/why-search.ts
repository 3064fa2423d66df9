import type { PermissionQuestion } from "@/api/access";
import type { Permission } from "@/api/types";
import { PERMISSIONS } from "@/domain/access/permissions";

export type WhySearch = Omit<PermissionQuestion, "org">;

/** The question in an address. Without one it is asked who can manage members: a question of the organization. */
export function parseWhySearch(search: Record<string, unknown>): WhySearch {
  const text = (name: string) => (typeof search[name] === "string" ? search[name] : undefined);
  const permission = text("permission");
  const known = permission !== undefined && permission in PERMISSIONS;
  return {
    permission: known ? (permission as Permission) : "member.read",
    member: text("member"),
    project: text("project"),
    environment: text("environment"),
  };
}
