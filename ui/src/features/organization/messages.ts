import type { Role } from "@/api/types";
import { catalog } from "@/lib/language/catalog";
import { plural } from "@/lib/language/format";

const roleChoices: Record<Role, string> = {
  viewer: "Viewer: can read everything",
  editor: "Editor: can change flags and segments",
  admin: "Admin: can also change projects, environments, and keys",
  owner: "Owner: can do everything",
};

export const messages = catalog("organization", {
  name: "Name",
  role: "Role",
  members: {
    title: "Members",
    description: "People who can sign in to this organization, and their roles.",
    joined: "Joined",
  },
  organizations: {
    title: "Organizations",
    none: "You are not a member of any organization yet. Create one to get started.",
    choose: "Choose an organization.",
    create: "Create an organization",
    submit: "Create organization",
    example: "Hollis Goods",
  },
  general: { title: "General", saved: "Organization saved" },
  tokens: {
    title: "API tokens",
    description: "Scripts and pipelines use API tokens. Applications use SDK keys.",
    loading: "Loading API tokens",
    adminsOnly: "Only admins can see API tokens",
    none: "No API tokens yet",
    noneHelp: "A token lets a script use the API with its own role. The audit log shows everything it does.",
    create: "Create token",
    createCommand: "Create API token",
    token: "Token",
    lastUsed: "Last used",
    neverUsed: "never",
    expires: "Expires",
    neverExpires: "never",
    actions: "Actions",
    revoke: "Revoke",
    revokeNamed: (token: string) => `Revoke ${token}`,
    revokeTitle: (token: string) => `Revoke ${token}?`,
    revokeHelp: "Requests with this token will be rejected immediately. This can’t be undone.",
    revokeSubmit: "Revoke token",
    revoked: (token: string) => `${token} revoked`,
  },
  createToken: {
    title: "Create an API token",
    created: (token: string) => `${token} created`,
    secret: "API token",
    done: "I’ve saved it",
    nameHelp: "Say what will use this token.",
    nameExample: "Deploy pipeline",
    expiresIn: "Expires in",
    days: (days: number) => plural(days, { one: "# day", other: "# days" }),
    year: "1 year",
    never: "Never",
    roles: roleChoices,
  },
});
