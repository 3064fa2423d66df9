import { catalog } from "@/lib/language/catalog";

export const messages = catalog("audit", {
  title: "Audit log",
  description: "Every change in this organization, newest first.",
  loading: "Loading the audit log",
  noMatches: "No matching changes",
  noMatchesHelp: "Remove a filter to see more.",
  changes: "Changes",
  change: "Change",
  where: "Where",
  project: "Project",
  allProjects: "All projects",
  environment: "Environment",
  allEnvironments: "All environments",
  action: "Action",
  allActions: "All actions",
  flagKey: "Flag key",
  clear: "Clear filters",
  grant: ({ role, where }: { role: string; where: string }) => `${role} in ${where}`,
  member: (email: string) => `Member: ${email}`,
});
