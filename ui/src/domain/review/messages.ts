import type { ReactNode } from "react";
import { catalog } from "@/lib/language/catalog";
import { list, plural } from "@/lib/language/format";
import { rich } from "@/lib/language/rich";

/**
 * What an entry of the audit log did: after a person's name, between a person's name and what it was done to where that
 * reads differently, and in a list of filters.
 */
type Action = { did: string; didTo?: string; name: string };

const actions: Record<string, Action> = {
  "flag.created": { did: "created the flag", name: "Flag created" },
  "flag.updated": { did: "changed the flag", name: "Flag changed" },
  "flag.archived": { did: "archived the flag", name: "Flag archived" },
  "flag.restored": { did: "restored the flag", name: "Flag restored" },
  "flag.deleted": { did: "deleted the flag", name: "Flag deleted" },
  "targeting.updated": {
    did: "changed the targeting",
    didTo: "changed the targeting of",
    name: "Targeting changed",
  },
  "targeting.restored": {
    did: "reverted the targeting",
    didTo: "reverted the targeting of",
    name: "Targeting reverted",
  },
  "segment.created": { did: "created the segment", name: "Segment created" },
  "segment.updated": { did: "changed the segment", name: "Segment changed" },
  "segment.deleted": { did: "deleted the segment", name: "Segment deleted" },
  "project.created": { did: "created the project", name: "Project created" },
  "project.updated": { did: "changed the project", name: "Project changed" },
  "project.deleted": { did: "deleted the project", name: "Project deleted" },
  "environment.created": { did: "created the environment", name: "Environment created" },
  "environment.updated": { did: "changed the environment", name: "Environment changed" },
  "environment.deleted": { did: "deleted the environment", name: "Environment deleted" },
  "key.created": { did: "created the SDK key", name: "SDK key created" },
  "key.updated": { did: "changed the SDK key", name: "SDK key changed" },
  "key.rotated": { did: "rotated the SDK key", name: "SDK key rotated" },
  "key.revoked": { did: "revoked the SDK key", name: "SDK key revoked" },
  "token.created": { did: "created the API token", name: "API token created" },
  "token.revoked": { did: "revoked the API token", name: "API token revoked" },
  "organization.created": { did: "created the organization", name: "Organization created" },
  "organization.updated": { did: "changed the organization", name: "Organization changed" },
  "grant.created": { did: "gave access", didTo: "gave access to", name: "Access given" },
  "grant.deleted": { did: "took access away", didTo: "took access from", name: "Access taken away" },
  "team.created": { did: "created the team", name: "Team created" },
  "team.updated": { did: "changed the team", name: "Team changed" },
  "team.deleted": { did: "deleted the team", name: "Team deleted" },
  "team.memberAdded": { did: "added a member to the team", name: "Team member added" },
  "team.memberRemoved": { did: "removed a member from the team", name: "Team member removed" },
  "role.created": { did: "created the role", name: "Role created" },
  "role.updated": { did: "changed the role", name: "Custom role changed" },
  "role.deleted": { did: "deleted the role", name: "Role deleted" },
  "serviceAccount.created": { did: "created the service account", name: "Service account created" },
  "serviceAccount.updated": { did: "changed the service account", name: "Service account changed" },
  "serviceAccount.deleted": { did: "deleted the service account", name: "Service account deleted" },
};

const members: Record<string, string> = {
  name: "Name",
  description: "Description",
  tags: "Tags",
  clientVisible: "Available to browsers and mobile apps",
  metadata: "Metadata",
  track: "Record exposures",
  color: "Color",
  production: "Require confirmation for changes",
  origins: "Allowed origins",
  expiresAt: "Expires",
  revokedAt: "Revoked",
  attribute: "Attribute",
  status: "Status",
  permissions: "Permissions",
};

export const messages = catalog("review", {
  actions,
  /** What an entry of the audit log leaves out of long lists. */
  elided: {
    added: (count: number) =>
      plural(count, { one: "# more value was added.", other: "# more values were added." }),
    removed: (count: number) =>
      plural(count, { one: "# more value was removed.", other: "# more values were removed." }),
    unchanged: (count: number) =>
      plural(count, { one: "# unchanged value isn’t shown.", other: "# unchanged values aren’t shown." }),
  },
  turnedOn: "turned on",
  turnedOff: "turned off",
  members,
  changes: {
    added: "Added",
    removed: "Removed",
    changed: "Changed",
    moved: "Moved",
    became: "changed to",
    nothing: "nothing",
    yes: "yes",
    no: "no",
    archived: "Archived",
    restored: "Restored from the archive",
    variation: (key: string) => `Variation ${key}`,
    variationAdded: ({ key, value }: { key: string; value: string }) => `Variation ${key}: ${value}`,
    variationValue: (key: string) => `Value of ${key}`,
    variationName: (key: string) => `Name of ${key}`,
    variationsReordered: "Reordered the variations",
    included: (keys: string) => `Now included: ${keys}`,
    excluded: (keys: string) => `Now excluded: ${keys}`,
    notIncluded: (keys: string) => `No longer included: ${keys}`,
    notExcluded: (keys: string) => `No longer excluded: ${keys}`,
    condition: "Condition",
  },
  showAll: (count: number) => plural(count, { one: "Show all of it", other: "Show all # changes" }),
  showLess: "Show less",
  comment: "Comment",
  token: "API token",
  hub: "Hub",
  json: "Show as JSON",
  jsonLabel: "Difference as JSON",
  unchangedLines: (count: number) => plural(count, { one: "# unchanged line", other: "# unchanged lines" }),
  back: "Back to editing",
  everywhere: (environments: readonly string[]) =>
    `This takes effect immediately in every environment, including ${list(environments)}.`,
  conflict: {
    text: (what: ReactNode) => rich`${what} while you were editing. Your changes are kept.`,
    someone: "Someone else changed this",
    look: "See what changed",
    theirs: "Their changes",
    mine: "Your changes",
    takeTheirs: "Take theirs",
    reapplyMine: "Reapply mine",
    reapplied: "Your changes are on top of theirs. Nothing overlapped.",
    reappliedOver: (parts: readonly string[]) =>
      `You both changed ${list(parts)}. Your version is kept. Review it before you save.`,
  },
});
