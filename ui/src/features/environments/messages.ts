import type { ReactNode } from "react";
import type { KeyKind, SdkKey } from "@/api/types";
import { catalog } from "@/lib/language/catalog";
import { number, plural } from "@/lib/language/format";
import { rich } from "@/lib/language/rich";

const connections = (count: number) => plural(count, { one: "# connection", other: "# connections" });

const keys: Record<
  KeyKind,
  {
    title: string;
    description: string;
    create: string;
    createTitle: string;
    example: string;
    notConnected: string;
    connected: (connections: ReactNode) => ReactNode;
  }
> = {
  server: {
    title: "Server keys",
    description: "For back ends. A server key receives every rule, so keep it secret. It is shown only once.",
    create: "Create server key",
    createTitle: "Create a server key",
    example: "Orders service",
    notConnected: "No application is connected with a server key.",
    connected: (connections) =>
      rich`${connections} with a server key. Those that use this key close within a second.`,
  },
  client: {
    title: "Client keys",
    description:
      "For browsers and mobile apps. A client key is public and receives only the values of client-visible flags.",
    create: "Create client key",
    createTitle: "Create a client key",
    example: "Shop website",
    notConnected: "No application is connected with a client key.",
    connected: (connections) =>
      rich`${connections} with a client key. Those that use this key close within a second.`,
  },
};

const statuses: Record<SdkKey["status"], string> = {
  active: "active",
  expiring: "expiring",
  expired: "expired",
  revoked: "revoked",
};

export const messages = catalog("environments", {
  title: "Environments",
  description: "Every flag has its own targeting in each environment. Each environment has its own SDK keys.",
  create: "Create environment",
  orderNotSaved: "The order was not saved",
  confirmed: "Requires confirmation",
  version: (version: number) => `version ${number(version)}`,
  keysOf: (environment: string) => `Keys of ${environment}`,
  connectTo: (environment: string) => `Connect to ${environment}`,
  tabs: { label: "Environment", keys: "Keys", connect: "Connect", settings: "Settings" },
  confirmation: "Require confirmation for changes",
  confirmationHelp: "For production. Every change is shown for review before it is saved.",
  color: "Color",
  currentColor: "Current color",
  colors: {
    teal: "Teal",
    blue: "Blue",
    violet: "Violet",
    amber: "Amber",
    red: "Red",
    pink: "Pink",
    green: "Green",
    gray: "Gray",
  },
  dialog: {
    title: "Create an environment",
    description: "Every flag gets its own targeting in it.",
    example: "Quality assurance",
    startFrom: "Start from",
    allOff: "All flags off, with no targeting",
    copyOf: (environment: string) => `A copy of ${environment}`,
  },
  settings: {
    saved: "Environment saved",
    delete: "Delete this environment",
    deleteHelp: "Deletes its keys and the targeting of every flag in it, and disconnects all applications.",
    deleteOnly: "A project needs at least one environment.",
    deleteTitle: (environment: string) => `Delete ${environment}?`,
    deleteSubmit: "Delete environment",
    deleteWarning:
      "This deletes its keys and the targeting of every flag in it, and disconnects all applications. This can’t be undone.",
  },
  connections: {
    loading: "SDK keys and the applications connected with them.",
    none: "No applications connected.",
    count: ({ all, server, client }: { all: number; server: number; client: number }) =>
      `${number(all)} connected: ${number(server)} with a server key, ${number(client)} with a client key.`,
    waiting: "Waiting for your application…",
    connected: ({ count, environment }: { count: number; environment: string }) =>
      `Connected: ${plural(count, { one: "# application", other: "# applications" })} in ${environment}`,
    sdk: ({ name, count }: { name: string; count: number }) => `${name} × ${number(count)}`,
  },
  keys,
  key: {
    loading: "Loading keys",
    none: "No keys yet.",
    name: "Name",
    nameHelp: "Say what will use this key.",
    origins: "Origins",
    anyOrigin: "Any origin",
    status: "Status",
    statuses,
    lastUsed: "Last used",
    created: "Created",
    expires: "Expires",
    never: "never",
    actions: "Actions",
    more: (key: string) => `More actions for ${key}`,
    copy: (key: string) => `Copy client key ${key}`,
    create: "Create key",
    showInactive: (count: number) =>
      plural(count, { one: "Show # inactive key", other: "Show # inactive keys" }),
    hideInactive: (count: number) =>
      plural(count, { one: "Hide # inactive key", other: "Hide # inactive keys" }),
    edit: "Edit name and origins",
    rename: "Rename",
    editTitle: (key: string) => `Edit ${key}`,
    save: "Save",
    allowedOrigins: "Allowed origins",
    allowedOriginsHelp: "One per line, such as https://shop.example.com. Leave empty to allow any origin.",
    originsExample: "https://shop.example.com",
    rotate: "Rotate…",
    rotateTitle: (key: string) => `Rotate ${key}?`,
    rotateHelp: "A new key replaces it. Move your applications to the new key while the old one still works.",
    grace: "Old key stops working",
    graces: {
      now: "Immediately",
      hours: (hours: number) => plural(hours, { one: "In # hour", other: "In # hours" }),
      days: (days: number) => plural(days, { one: "In # day", other: "In # days" }),
    },
    rotateSubmit: "Rotate key",
    revoke: "Revoke…",
    revokeTitle: (key: string) => `Revoke ${key}?`,
    revokeSubmit: "Revoke key",
    revoked: (key: string) => `${key} revoked`,
    revokeChecking: "Checking for connected applications…",
    connections,
    revokeHelp:
      "Applications that use this key keep their last values and receive no more changes. This can’t be undone.",
    secretTitle: (key: string) => `${key} created`,
    secretLabel: "Server key",
    secretDone: "I’ve saved it",
  },
  connect: {
    title: "Connect your application",
    description: (environment: string) =>
      `Add this code where your application starts. It receives every change in ${environment} as it happens.`,
    kind: "Application type",
    kinds: {
      page: "Web page",
      bundled: "Bundled",
      react: "React",
      node: "Node",
      rust: "Rust",
      openfeature: "OpenFeature",
      protocol: "Protocol",
    },
    code: "Code",
    copyCommand: "Copy the command",
    copySnippet: "Copy the snippet",
    noClientKey: ({ environment, link }: { environment: string; link: ReactNode }) =>
      rich`${environment} has no active client key. ${link} to connect.`,
    createOne: "Create one",
    clientKey: "The client key is public. It receives the values of client-visible flags, never their rules.",
    noVisibleFlag: "No flag is client-visible yet, so clients receive none.",
    serverKey: (link: ReactNode) =>
      rich`PEEKABOO_KEY is a server key. It receives every rule, so keep it secret. It is shown only once. ${link} for this application.`,
    polling: "This provider sends a request for each evaluation. It is not counted as connected.",
  },
});
