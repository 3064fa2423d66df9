import { catalog } from "@/lib/language/catalog";
import { plural } from "@/lib/language/format";

export const messages = catalog("serviceAccounts", {
  title: "Service accounts",
  description: "Accounts for scripts, pipelines, and servers that use the API. Applications use SDK keys.",
  all: "All service accounts",
  search: "Search service accounts",
  create: "Create service account",
  createShort: "Create",
  createTitle: "Create a service account",
  example: "Terraform",
  none: "No service accounts yet",
  noneHelp:
    "A service account has roles of its own and any number of tokens. The audit log shows everything it does.",
  more: "More actions for this service account",
  edit: "Edit…",
  editTitle: "Edit service account",
  save: "Save",
  saved: "Service account saved",
  delete: "Delete…",
  deleteTitle: (account: string) => `Delete ${account}?`,
  deleteHelp: (tokens: number) =>
    plural(tokens, {
      one: "Its # token stops working immediately. This can’t be undone.",
      other: "Its # tokens stop working immediately. This can’t be undone.",
    }),
  deleteSubmit: "Delete service account",
  deleted: (account: string) => `${account} deleted`,
  tokens: "Tokens",
  tokensHelp:
    "Each token can do what the account can. With two tokens, one can replace the other without a gap.",
  noTokens: "No tokens yet. The account needs one to use the API.",
  loadingTokens: "Loading tokens",
});
