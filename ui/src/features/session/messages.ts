import { catalog } from "@/lib/language/catalog";
import { plural } from "@/lib/language/format";

export const messages = catalog("session", {
  signIn: "Sign in",
  signInLead: "Sign in to manage your feature flags.",
  email: "Email",
  password: "Password",
  passwordMissing: "Enter your password.",
  code: "Code",
  codeHelp: "The code that your authenticator app shows, or one of your recovery codes.",
  backToSignIn: "Back to sign-in",
  newPassword: {
    label: "New password",
    help: (least: number) =>
      `At least ${plural(least, { one: "# character", other: "# characters" })}. A long password is safer than a complex one.`,
    short: (least: number) =>
      `Use a password with at least ${plural(least, { one: "# character", other: "# characters" })}.`,
  },
  forgot: {
    link: "Forgot your password?",
    title: "Choose a new password",
    lead: "Enter the address that you sign in with. We’ll send you a link.",
    submit: "Send link",
    sent: (email: string) =>
      `If ${email} has an account here, a link is on its way. It works once, within an hour.`,
  },
  reset: {
    title: "Choose a new password",
    lead: "You will be signed out everywhere.",
    submit: "Change password",
    done: "Your password is changed. Sign in with it now.",
    gone: "This link doesn’t work any more. It works once, within an hour.",
    another: "Get another link",
  },
  invite: {
    title: "Invitation",
    loading: "Looking at your invitation…",
    gone: "This invitation doesn’t work. It may have been accepted, sent again, or revoked, or have expired. Ask for a new one.",
    join: (organization: string) => `Join ${organization}`,
    lead: ({ inviter, role }: { inviter: string; role: string }) =>
      `${inviter} invited you with the role ${role}.`,
    address: (email: string) => `You will sign in with ${email}.`,
    name: "Your name",
    create: "Create account and join",
    known: "I already have an account",
    as: (email: string) => `You are signed in with ${email}.`,
    submit: "Join",
    other: ({ invited, signedIn }: { invited: string; signedIn: string }) =>
      `The invitation is for ${invited}, but you are signed in with ${signedIn}.`,
    signOut: "Sign out",
  },
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
    organization: "Organization",
    organizationHelp: "Your company or team. It holds your projects and members.",
  },
});
