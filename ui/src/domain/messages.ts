import type { Role } from "@/api/types";
import { catalog } from "@/lib/language/catalog";

const roles: Record<Role, string> = { viewer: "Viewer", editor: "Editor", admin: "Admin", owner: "Owner" };
const asRole: Record<Role, string> = {
  viewer: "a viewer",
  editor: "an editor",
  admin: "an admin",
  owner: "an owner",
};
const needs: Record<Role, string> = {
  viewer: "Only members can do this.",
  editor: "Only editors, admins, and owners can do this.",
  admin: "Only admins and owners can do this.",
  owner: "Only owners can do this.",
};

export const messages = catalog("domain", {
  roles,
  asRole,
  needs,
  /** Why somebody may not do something: what it needs, and what they are. */
  refused: ({ needed, role }: { needed: string; role: string }) => `${needed} You are ${role}.`,
  /** Why somebody without a role in the whole organization may not do something. */
  noRole: ({ needed }: { needed: string }) => `${needed} You have no role in the whole organization.`,
  /** Stands for the role of somebody who has none in the whole organization. */
  withoutRole: "None",
  notMember: "You are not a member of this organization.",
  ranges: { "24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days" },
});
