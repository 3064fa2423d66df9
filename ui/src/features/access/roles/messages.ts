import type { ScopeKind } from "@/api/types";
import { catalog } from "@/lib/language/catalog";
import { list, plural } from "@/lib/language/format";

const kinds: Record<ScopeKind, string> = {
  organization: "Organization",
  project: "Project",
  environment: "Environment",
};

type Who = { who: readonly string[]; what: string };

export const messages = catalog("roles", {
  title: "Roles",
  description:
    "A role is a set of permissions. The number counts the members, teams, and service accounts that have it.",
  all: "All roles",
  search: "Search roles",
  builtIn: "Built in",
  custom: "Custom",
  customBadge: "Custom",
  builtInBadge: "Built in",
  holders: (count: number) => plural(count, { one: "granted # time", other: "granted # times" }),
  descriptions: {
    viewer: "Sees everything in its scope and changes nothing.",
    editor: "Changes flags, targeting, and segments.",
    admin: "Also manages projects, environments, keys, members, and access.",
    owner: "Can do everything, including deleting the organization.",
  },
  create: "Create role",
  createTitle: "Create a role",
  example: "Release manager",
  startFrom: "Start with the permissions of",
  nothing: "No role",
  duplicate: "Duplicate",
  copyOf: (role: string) => `Copy of ${role}`,
  more: "More actions for this role",
  edit: "Edit…",
  editTitle: "Edit role",
  save: "Save",
  saved: "Role saved",
  delete: "Delete…",
  deleteTitle: (role: string) => `Delete ${role}?`,
  deleteHelp: "Nobody has this role. This can’t be undone.",
  deleteSubmit: "Delete role",
  deleted: (role: string) => `${role} deleted`,
  stillGranted: (count: number) =>
    plural(count, {
      one: "This role is granted # time. Take it away there first.",
      other: "This role is granted # times. Take it away there first.",
    }),
  unsaved: "Unsaved changes",
  changes: (count: number) => plural(count, { one: "# change", other: "# changes" }),
  permissions: "Permissions",
  permission: "Permission",
  checkedOn: "Checked on",
  kinds,
  areaCount: ({ area, held, all }: { area: string; held: number; all: number }) =>
    `${area} · ${held} of ${all}`,
  included: "Included",
  notIncluded: "Not included",
  added: "New",
  removed: "Removed",
  notInCustom: "Dashed permissions can’t be part of a custom role. They belong to admins and owners.",
  never: "Can’t be part of a custom role",
  review: "Review and save",
  discard: "Discard",
  reviewTitle: (role: string) => `Change what ${role} allows?`,
  reviewHelp: "The change applies to everyone who has this role, at once.",
  reviewSubmit: "Save role",
  effect: "What your change does",
  gain: ({ who, what }: Who) => `${list(who)} will be able to ${what}.`,
  lose: ({ who, what }: Who) => `${list(who)} will no longer be able to ${what}.`,
  alreadyCan: ({ who, what }: Who) => `${list(who)} can already ${what}.`,
  stillCan: ({ who, what }: Who) => `${list(who)} can still ${what}, by another grant.`,
  noEffect: "Nobody has this role yet, so nobody is affected.",
  unchangedEffect: "Nobody gains or loses access.",
  who: "Who has this role",
  nobody: "Nobody yet. Give it to a team, a member, or a service account on their page.",
  grantees: { member: "Member", team: "Team", serviceAccount: "Service account" },
  explain: "Explain access",
  explainHelp: "See why someone can or can’t do something.",
});
