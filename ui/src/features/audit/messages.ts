import type { ReactNode } from "react";
import { catalog } from "@/lib/language/catalog";
import { number, plural } from "@/lib/language/format";
import { rich } from "@/lib/language/rich";
import type { SUBJECT_KINDS } from "./audit-search";

const kinds: Record<(typeof SUBJECT_KINDS)[number], string> = {
  flag: "Flags",
  segment: "Segments",
  project: "Projects",
  environment: "Environments",
  key: "SDK keys",
  member: "Members",
  team: "Teams",
  role: "Roles",
  grant: "Access",
  serviceAccount: "Service accounts",
  token: "API tokens",
  organization: "The organization",
  audit: "The audit log",
};

export const messages = catalog("audit", {
  title: "Audit log",
  description: "Every change in this organization, newest first.",
  loading: "Loading the audit log",
  noMatches: "No matching changes",
  noMatchesHelp: "Remove a filter to see more.",
  changes: "Changes",
  change: "Change",
  where: "Where",
  filters: {
    label: "Filters",
    project: "Project",
    allProjects: "All projects",
    environment: "Environment",
    allEnvironments: "All environments",
    action: "Action",
    allActions: "All actions",
    person: "Person",
    anyone: "Anyone",
    onePerson: "One person",
    kind: "Subject",
    kinds,
    allKinds: "All subjects",
    subject: "Key or name",
    from: "From",
    to: "To",
    backwards: "The last day is before the first. Change one of the dates.",
    clear: "Clear filters",
  },
  details: {
    show: "Details",
    at: "Time",
    address: "Address",
    agent: "Client",
    session: "Session",
    token: "API token",
    hub: "The hub itself, or a command on its machine",
    from: "From",
    entry: "Entry",
    hash: "Hash",
    copyHash: "Copy hash",
    onlyBy: (name: string) => `Show only changes by ${name}`,
  },
  chain: {
    newest: ({ entry, hash }: { entry: number; hash: ReactNode }) =>
      rich`Newest entry: ${number(entry)}, ${hash}`,
    copy: "Copy the hash of the newest entry",
    help: "Keep this hash somewhere else. It proves later that no entry up to it was changed or removed.",
    verify: "Verify",
    intact: (count: number) => plural(count, { one: "Intact: # entry", other: "Intact: # entries" }),
    broken: "The audit log was changed",
    brokenHelp: (problem: string) =>
      `${problem} Someone changed the database directly. Tell an operator of this hub.`,
  },
  export: {
    button: "Export",
    jsonl: "JSON Lines",
    jsonlHelp: "Complete, can be verified",
    csv: "CSV",
    csvHelp: "For spreadsheets",
    started: "Exporting the audit log",
    progress: (megabytes: number) => `Exporting: ${number(megabytes, 1)} MB`,
    done: "Audit log exported",
  },
  grant: ({ role, where }: { role: string; where: string }) => `${role} in ${where}`,
  member: (email: string) => `Member: ${email}`,
});
