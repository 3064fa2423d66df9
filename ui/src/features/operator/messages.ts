import { catalog } from "@/lib/language/catalog";
import { number, plural } from "@/lib/language/format";

export const messages = catalog("operator", {
  title: "Run this hub",
  description: "Every organization of this hub and how much it uses. Only its members see what it contains.",
  back: "Back to your flags",
  organizations: "Organizations",
  search: "Search by name or key",
  loading: "Loading organizations",
  noMatches: "No matching organizations",
  noMatchesHelp: "Try another name or key.",
  operatorsOnly: "Only operators can see this page",
  operatorsOnlyHelp:
    "Someone with access to the machine can add operators with `peekaboo operator add EMAIL`.",
  organization: "Organization",
  members: "Members",
  projects: "Projects",
  environments: "Environments",
  flags: "Flags",
  evaluations: "Evaluations, 30 days",
  created: "Created",
  actions: "Actions",
  count: (count: number) => number(count),
  suspended: "Suspended",
  actionsOf: (name: string) => `Actions for ${name}`,
  suspend: "Suspend…",
  suspendTitle: (name: string) => `Suspend ${name}?`,
  suspendHelp:
    "Its members and tokens are kept out immediately. Its applications keep the flags that they have.",
  suspendSubmit: "Suspend organization",
  suspendDone: (name: string) => `${name} suspended`,
  resume: "Resume",
  resumeDone: (name: string) => `${name} resumed`,
  delete: "Delete…",
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteHelp: (members: number) =>
    `Everything in it is deleted for good, and its applications are turned away. ${plural(members, {
      one: "# person keeps their account",
      other: "# people keep their accounts",
    })}.`,
  deleteSubmit: "Delete organization",
  deleteDone: (name: string) => `${name} deleted`,
  reset: {
    open: "Create reset link",
    title: "Create a link to a new password",
    help: "Hand it to the person and nobody else. It works once, within an hour, and signs them out everywhere.",
    email: "Email",
    clear: "Also turn off their second factor",
    submit: "Create link",
    made: (email: string) => `Reset link for ${email}`,
    done: "Done",
  },
});
