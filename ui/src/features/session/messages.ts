import { catalog } from "@/lib/language/catalog";
import { plural } from "@/lib/language/format";

export const messages = catalog("session", {
  signIn: "Sign in",
  signInLead: "Sign in to manage your feature flags.",
  email: "Email",
  password: "Password",
  passwordMissing: "Enter your password.",
  ended: "Your session has ended",
  endedLead: "Sign in again to continue. Your unsaved changes are kept.",
  setup: {
    title: "Set up Peek-a-boo",
    lead: "Create the first account. It owns your organization.",
    submit: "Create organization",
    code: "Setup code",
    codeHelp: "The hub prints it to its log when it starts. It works once.",
    codeMissing: "Enter the setup code.",
    name: "Your name",
    passwordHelp: (least: number) =>
      `At least ${plural(least, { one: "# character", other: "# characters" })}. A long password is safer than a complex one.`,
    passwordShort: (least: number) =>
      `Use a password with at least ${plural(least, { one: "# character", other: "# characters" })}.`,
    organization: "Organization",
    organizationHelp: "Your company or team. It holds your projects and members.",
  },
});
