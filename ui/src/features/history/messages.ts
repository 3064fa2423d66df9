import { catalog } from "@/lib/language/catalog";

export const messages = catalog("history", {
  label: "History",
  description: (environment: string) =>
    `Changes to this flag and to its targeting in ${environment}, newest first.`,
  loading: "Loading history",
  none: "No changes yet",
  noneHelp: "Changes will appear here as they happen.",
  archived: "This flag is archived.",
  undo: "Undo this change",
  goBack: "Go back to this version",
  undoTitle: (environment: string) => `Undo this change in ${environment}?`,
  goBackTitle: (environment: string) => `Go back to this version in ${environment}?`,
  production: "This takes effect immediately for everyone in production.",
  revert: "Revert",
  reverted: "Reverted",
  failed: "Couldn’t revert",
  changedSince: "This flag has changed since. Check its history and try again.",
  nothing: "Nothing to revert. The targeting is already like this.",
});
