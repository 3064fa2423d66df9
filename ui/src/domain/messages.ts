import type { Role } from "@/api/types";
import { catalog } from "@/lib/language/catalog";

const roles: Record<Role, string> = { viewer: "Viewer", editor: "Editor", admin: "Admin", owner: "Owner" };

export const messages = catalog("domain", {
  roles,
  /** Stands for the role of somebody who has none in the whole organization. */
  withoutRole: "None",
  ranges: { "24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days" },
});
