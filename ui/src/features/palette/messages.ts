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
    token: "Create API token",
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
  tokens: "API tokens",
  members: "Members",
  general: "General",
});
