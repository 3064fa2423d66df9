import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { at } from "./fixtures";

/** The pages of the demo's project: what each shows, and where it is. */
export const PROJECT_PAGES = [
  ["flags", "flags"],
  ["flags through one environment", "flags?env=production"],
  ["a flag", "flags/hero-theme?env=production"],
  ["its variations", "flags/hero-theme?tab=variations"],
  ["its history", "flags/hero-theme?tab=history"],
  ["its evaluation", "flags/hero-theme?tab=evaluate"],
  ["its usage", "flags/hero-theme?env=production&tab=usage"],
  ["segments", "segments"],
  ["environments", "environments"],
  ["an environment", "environments/production"],
  ["an environment's settings", "environments/production/settings"],
  ["connecting", "environments/development/connect"],
  ["project settings", "settings"],
] as const;

/** The pages of the demo's organization. */
export const ORGANIZATION_PAGES = [
  ["projects", ""],
  ["members", "/members"],
  ["teams", "/teams"],
  ["roles", "/roles"],
  ["a built-in role", "/roles/editor"],
  ["service accounts", "/service-accounts"],
  ["personal tokens", "/personal-tokens"],
  ["the audit log", "/audit"],
  ["security", "/security"],
  ["general", "/general"],
  ["explaining access", "/why?permission=flag.toggle&project=storefront&environment=production"],
] as const;

/** Waits until a page shows what it has read. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[aria-busy=true],[role=status][aria-label^=Loading]")).toHaveCount(0);
}

type Role = "button" | "checkbox" | "link" | "menuitem" | "menuitemcheckbox" | "switch";
type Press = [role: Role, name: string | RegExp] | [role: "key", name: string];

/** The dialogs of the demo's project: on which page, and what to press to open each. */
export const DIALOGS: readonly (readonly [name: string, path: string, presses: readonly Press[]])[] = [
  ["create a flag", "flags", [["button", "Create flag"]]],
  [
    "edit a flag",
    "flags/hero-theme",
    [
      ["button", "More actions for this flag"],
      ["menuitem", /^Edit/],
    ],
  ],
  [
    "archive a flag",
    "flags/hero-theme",
    [
      ["button", "More actions for this flag"],
      ["menuitem", "Archive…"],
    ],
  ],
  [
    "delete a flag",
    "flags/hero-theme",
    [
      ["button", "More actions for this flag"],
      ["menuitem", /^Delete/],
    ],
  ],
  ["turn a flag on", "flags", [["switch", /in Production$/]]],
  ["create a segment", "segments", [["button", "Create segment"]]],
  ["create an environment", "environments", [["button", "Create environment"]]],
  ["create a server key", "environments/production", [["button", "Create server key"]]],
  ["create a client key", "environments/production", [["button", "Create client key"]]],
  [
    "edit a key",
    "environments/production",
    [
      ["button", /^More actions for/],
      ["menuitem", /^(Rename|Edit)/],
    ],
  ],
  [
    "rotate a key",
    "environments/production",
    [
      ["button", /^More actions for/],
      ["menuitem", "Rotate…"],
    ],
  ],
  [
    "revoke a key",
    "environments/production",
    [
      ["button", /^More actions for/],
      ["menuitem", "Revoke…"],
    ],
  ],
  ["delete an environment", "environments/production/settings", [["button", "Delete environment"]]],
  ["delete a project", "settings", [["button", "Delete project"]]],
  ["create a project", "../..", [["button", "Create project"]]],
  ["create a team", "../../teams", [["button", "Create team"]]],
  ["create a role", "../../roles", [["button", "Create role"]]],
  ["create a service account", "../../service-accounts", [["button", "Create service account"]]],
  ["create a personal token", "../../personal-tokens", [["button", "Create token"]]],
  [
    "give a role",
    "../../teams",
    [
      ["link", /^C?Checkout/],
      ["button", /^Roles in Storefront \/ Production/],
      ["menuitemcheckbox", "Editor"],
    ],
  ],
  [
    "explain access",
    "../../teams",
    [
      ["link", /^C?Checkout/],
      ["button", /^Explain access of/],
    ],
  ],
  [
    "change a role",
    "../../roles",
    [
      ["link", /^Release manager/],
      ["checkbox", "View SDK keys"],
      ["button", "Review and save"],
    ],
  ],
  ["keyboard shortcuts", "flags", [["key", "?"]]],
];

/** Where a path below the demo's project leads. */
export function resolvedAt(hub: Parameters<typeof at>[0], path: string): string {
  return new URL(at(hub, path), hub.dashboard).pathname.replace(/\/$/, "");
}

/** Opens one of the dialogs on the page where it is. */
export async function openDialog(page: Page, presses: readonly Press[]): Promise<void> {
  for (const [role, name] of presses) {
    if (role === "key") await page.keyboard.press(name);
    else await page.getByRole(role, { name }).first().click();
  }
  await expect(page.getByRole("dialog")).toBeVisible();
}
