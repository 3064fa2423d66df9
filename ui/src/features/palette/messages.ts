import { catalog } from "@/lib/language/catalog";

export const messages = catalog("palette", {
  label: "Go to",
  placeholder: "Search or type a command…",
  none: "No results.",
  groups: {
    commands: "Commands",
    flags: "Flags",
    segments: "Segments",
    environments: "Environments",
    projects: "Projects",
    pages: "Pages",
    more: "More commands",
  },
  create: {
    flag: "Create flag",
    segment: "Create segment",
    environment: "Create environment",
    project: "Create project",
    serviceAccount: "Create service account",
    team: "Create team",
    role: "Create role",
  },
  /** What people also type for what creates something. */
  createWords: "new add make",
  flags: "Flags",
  segments: "Segments",
  environments: "Environments",
  projectSettings: "Project settings",
  projects: "Projects",
  keysAndSettings: "Keys and settings",
  connectTo: (environment: string) => `Connect to ${environment}`,
  snippets: "Code snippets",
  audit: "Audit log",
  teams: "Teams",
  roles: "Roles",
  serviceAccounts: "Service accounts",
  /** What people also type for service accounts. */
  serviceAccountWords: "API tokens machines bots",
  personalTokens: "Personal tokens",
  why: "Explain access",
  members: "Members",
  security: "Security",
  /** What people also type for it. */
  securityWords: "second factor two-factor 2FA sign-in retention",
  general: "General",
});
