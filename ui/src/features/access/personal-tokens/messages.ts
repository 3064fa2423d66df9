import { catalog } from "@/lib/language/catalog";

export const messages = catalog("personalTokens", {
  title: "Personal tokens",
  description: (organization: string) =>
    `Your own tokens for scripts, in ${organization} only. They can never do more than you can.`,
  loading: "Loading tokens",
  none: "No personal tokens yet",
  noneHelp:
    "A personal token lets a script act as you. For pipelines and servers, use a service account: it stays when you leave.",
  createCommand: "Create personal token",
});
