import type { Role } from "@/api/types";
import { catalog } from "@/lib/language/catalog";
import { plural } from "@/lib/language/format";

const limits: Record<Role | "", string> = {
  "": "Everything that I can do",
  viewer: "Viewer: can read",
  editor: "Editor: can also change flags and segments",
  admin: "Admin: can also change projects, environments, and keys",
  owner: "Owner: can do everything",
};

export const messages = catalog("tokens", {
  token: "Token",
  atMost: "At most",
  noLimit: "Everything you can do",
  lastUsed: "Last used",
  neverUsed: "never",
  expires: "Expires",
  neverExpires: "never",
  expired: "expired",
  actions: "Actions",
  create: "Create token",
  createTitle: "Create a token",
  created: (token: string) => `${token} created`,
  secret: "Token",
  done: "I’ve saved it",
  nameHelp: "Say what will use this token.",
  nameExample: "Deploy pipeline",
  limit: "It can do at most",
  limits,
  expiresIn: "Expires in",
  days: (days: number) => plural(days, { one: "# day", other: "# days" }),
  year: "1 year",
  never: "Never",
  revoke: "Revoke",
  revokeNamed: (token: string) => `Revoke ${token}`,
  revokeTitle: (token: string) => `Revoke ${token}?`,
  revokeHelp: "Requests with this token will be rejected immediately. This can’t be undone.",
  revokeSubmit: "Revoke token",
  revoked: (token: string) => `${token} revoked`,
});
