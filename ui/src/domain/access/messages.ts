import type { Permission, Role } from "@/api/types";
import { catalog } from "@/lib/language/catalog";
import { list } from "@/lib/language/format";

/** What each permission allows, as it follows "You need permission to". */
const permissions: Record<Permission, string> = {
  "flag.read": "view flags and their history",
  "flag.create": "create flags",
  "flag.update": "edit flags and their variations",
  "flag.delete": "archive and delete flags",
  "targeting.update": "change targeting",
  "flag.toggle": "turn flags on and off",
  "segment.read": "view segments",
  "segment.update": "create, edit and delete segments",
  "project.read": "view the project",
  "project.create": "create projects",
  "project.update": "edit the project",
  "project.delete": "delete the project",
  "environment.read": "view targeting, usage and connections",
  "environment.create": "create environments",
  "environment.update": "edit the environment",
  "environment.delete": "delete the environment",
  "key.read": "view SDK keys",
  "key.manage": "create, rotate and revoke SDK keys",
  "audit.read": "view changes",
  "audit.readAccess": "view sign-ins and changes to access",
  "audit.export": "export the audit log",
  "member.read": "view members and teams",
  "member.invite": "invite members",
  "member.manage": "change members' roles and remove members",
  "team.manage": "create and change teams",
  "role.manage": "create and change roles",
  "serviceAccount.manage": "manage service accounts and tokens",
  "access.grant": "give others access",
  "organization.update": "change the organization's settings",
  "organization.security": "change sign-in and security settings",
  "usage.erase": "erase a person's usage data",
  "organization.export": "export the organization",
  "organization.delete": "delete the organization",
};

/** Who can give a permission, by the lowest built-in role that has it. */
const givers: Record<Role, string> = {
  viewer: "An admin or owner can give it to you.",
  editor: "An admin or owner can give it to you.",
  admin: "An admin or owner can give it to you.",
  owner: "An owner can give it to you.",
};

type Needed = { what: string; where: string };

export const messages = catalog("access", {
  permissions,
  needed: ({ what, where }: Needed) => `You need permission to ${what} in ${where}.`,
  neededInOrganization: (what: string) => `You need permission to ${what}.`,
  neededEverywhere: ({ what, where }: Needed) =>
    `You need permission to ${what} in every environment of ${where}.`,
  givers,
  namedGivers: (names: readonly string[]) => `${list(names, "or")} can give it to you.`,
  manyGivers: ({ names }: { names: readonly string[] }) =>
    `${list(names)}, among others, can give it to you.`,
  wholeOrganization: "Whole organization",
  theOrganization: "the whole organization",
  checking: "Checking what you can do here…",
});
