import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { settled } from "./pages";

// Teams, roles, service accounts and tokens, as an owner works with them.

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settled(page);
}
const dialogOf = (page: Page) => page.getByRole("dialog");

test("a team is created, given a role, filled, renamed and deleted", async ({ dashboard, hub }) => {
  await open(dashboard, `/o/${hub.demo.organization}/teams`);
  await dashboard.getByRole("button", { name: "Create team" }).click();
  const dialog = dialogOf(dashboard);
  await dialog.getByLabel("Name").fill("Growth");
  await dialog.getByLabel("Description").fill("Finds new customers.");
  await dialog.getByRole("button", { name: "Create team" }).click();
  await expect(dashboard.getByRole("heading", { level: 1, name: "Growth" })).toBeVisible();

  await dashboard.getByRole("button", { name: "Roles in Storefront / Production: none" }).click();
  await dashboard.getByRole("menuitemcheckbox", { name: "Editor" }).click();
  await expect(dialog).toContainText("everyone who is added to the team will be able to");
  await expect(dialog).toContainText("Turn flags on and off");
  await dialog.getByRole("button", { name: "Give role" }).click();
  await expect(dashboard.getByText("Growth has the role Editor in Storefront / Production")).toBeVisible();
  await expect(dashboard.getByText("Growth can change Storefront / Production.")).toBeVisible();

  await dashboard.getByRole("button", { name: "Add member" }).click();
  await dashboard.getByPlaceholder("Search members").fill("noor");
  await dashboard.getByRole("option", { name: /Noor Haddad/ }).click();
  const members = dashboard.getByRole("table", { name: "Members" });
  await expect(members.getByRole("rowheader", { name: /Noor Haddad/ })).toBeVisible();

  await dashboard.getByRole("button", { name: "Explain access of Noor Haddad" }).click();
  const panel = dashboard.getByRole("dialog", { name: "Access of Noor Haddad" });
  // Other tests make projects, which come before this one.
  await panel.getByLabel("Place").selectOption({ label: "Storefront / Production" });
  await expect(panel).toContainText(
    "Yes. Noor Haddad is in the team Growth, which has the role Editor in Storefront / Production.",
  );
  await expect(panel).toContainText("Remove Noor Haddad from the team Growth. Nobody else is affected.");
  await panel.getByLabel("Permission").selectOption({ label: "Create projects" });
  await expect(panel).toContainText("No. Noor Haddad can’t create projects in the whole organization.");
  await dashboard.keyboard.press("Escape");

  await dashboard.getByRole("button", { name: "Remove Noor Haddad from the team" }).click();
  await dialog.getByRole("button", { name: "Remove member" }).click();
  await expect(dashboard.getByText("Nobody is in this team yet.")).toBeVisible();

  await dashboard.getByRole("button", { name: "More actions for this team" }).click();
  await dashboard.getByRole("menuitem", { name: "Edit…" }).click();
  await dialog.getByLabel("Name").fill("Growth and search");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dashboard.getByRole("heading", { level: 1, name: "Growth and search" })).toBeVisible();

  await dashboard.getByRole("button", { name: "Roles in Storefront / Production: Editor" }).click();
  await dashboard.getByRole("menuitemcheckbox", { name: "Editor" }).click();
  await dialog.getByRole("button", { name: "Take role away" }).click();
  await expect(
    dashboard.getByRole("button", { name: "Roles in Storefront / Production: none" }),
  ).toBeVisible();

  await dashboard.getByRole("button", { name: "More actions for this team" }).click();
  await dashboard.getByRole("menuitem", { name: "Delete…" }).click();
  await dialog.getByRole("button", { name: "Delete team" }).click();
  await expect(dashboard.getByRole("heading", { level: 1, name: "Teams" })).toBeVisible();
  await expect(dashboard.getByRole("link", { name: /Growth and search/ })).toHaveCount(0);
});

test("a custom role is created, changed after a look at who gains what, and deleted", async ({
  dashboard,
  hub,
}) => {
  const { organization } = hub.demo;
  await open(dashboard, `/o/${organization}/roles/viewer`);
  await expect(dashboard.getByRole("checkbox")).toHaveCount(0);
  await dashboard.getByRole("button", { name: "Duplicate" }).click();
  const dialog = dialogOf(dashboard);
  await dialog.getByLabel("Name").fill("Support reader");
  await dialog.getByRole("button", { name: "Create role" }).click();
  await expect(dashboard.getByRole("heading", { level: 1, name: "Support reader" })).toBeVisible();
  await expect(dashboard.getByRole("checkbox", { name: "View SDK keys" })).toBeChecked();
  await dashboard.getByRole("checkbox", { name: "View SDK keys" }).click();
  // What is not saved yet survives a look elsewhere.
  await dashboard.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Members" }).click();
  await dashboard.goBack();
  await expect(dashboard.getByRole("checkbox", { name: "View SDK keys" })).not.toBeChecked();
  await dashboard.getByRole("button", { name: "Review and save" }).click();
  await expect(dialog).toContainText("Nobody has this role yet, so nobody is affected.");
  await dialog.getByRole("button", { name: "Save role" }).click();
  await expect(dashboard.getByText("Role saved")).toBeVisible();
  await dashboard.reload();
  await expect(dashboard.getByRole("checkbox", { name: "View SDK keys" })).not.toBeChecked();
  await dashboard.getByRole("button", { name: "More actions for this role" }).click();
  await dashboard.getByRole("menuitem", { name: "Delete…" }).click();
  await dialog.getByRole("button", { name: "Delete role" }).click();
  await expect(dashboard.getByRole("link", { name: /Support reader/ })).toHaveCount(0);

  await dashboard.getByRole("link", { name: /Release manager/ }).click();
  await dashboard.getByRole("checkbox", { name: "Change targeting" }).click();
  await expect(dashboard.getByText("Noor Haddad will be able to change targeting.")).toBeVisible();
  await expect(dashboard.getByText("Tomás Rivera can already change targeting.")).toBeVisible();
  await dashboard.getByRole("button", { name: "Discard" }).click();
  await dashboard.getByRole("button", { name: "More actions for this role" }).click();
  // A role that somebody has is not deleted under their feet.
  await expect(dashboard.getByRole("menuitem", { name: /^Delete/ })).toHaveAttribute("aria-disabled", "true");
});

test("a service account gets a role and two tokens, each shown once and revoked on its own", async ({
  dashboard,
  hub,
}) => {
  await open(dashboard, `/o/${hub.demo.organization}/service-accounts`);
  await dashboard.getByRole("button", { name: "Create service account" }).first().click();
  const dialog = dialogOf(dashboard);
  await dialog.getByLabel("Name").fill("Terraform");
  await dialog.getByRole("button", { name: "Create service account" }).click();
  await expect(dashboard.getByRole("heading", { level: 1, name: "Terraform" })).toBeVisible();
  await dashboard.getByRole("button", { name: "Roles in Storefront / Staging: none" }).click();
  await dashboard.getByRole("menuitemcheckbox", { name: "Viewer" }).click();
  await dialog.getByRole("button", { name: "Give role" }).click();
  const given = dashboard.getByRole("button", { name: "Roles in Storefront / Staging: Viewer" });
  await expect(given).toBeVisible();

  const secrets: string[] = [];
  for (const name of ["blue", "green"]) {
    await dashboard.getByRole("button", { name: "Create token" }).click();
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Create token" }).click();
    secrets.push((await dialog.getByText(/^pbt_/).textContent()) ?? "");
    await dialog.getByRole("button", { name: "I’ve saved it" }).click();
  }
  const ask = (secret: string | undefined) =>
    fetch(`${hub.dashboard}/api/v1/organizations/${hub.demo.organization}/access`, {
      headers: { authorization: `Bearer ${secret}` },
    });
  const held = (await (await ask(secrets[0])).json()) as { grants: { role: { id: string } }[] };
  expect(held.grants.map(({ role }) => role.id)).toEqual(["viewer"]);
  await dashboard.getByRole("button", { name: "Revoke blue" }).click();
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  await expect(dashboard.getByText("blue revoked")).toBeVisible();
  expect((await ask(secrets[0])).status).toBe(401);
  expect((await ask(secrets[1])).status).toBe(200);

  await dashboard.getByRole("button", { name: "More actions for this service account" }).click();
  await dashboard.getByRole("menuitem", { name: "Delete…" }).click();
  await expect(dialog).toContainText("Its 1 token stops working immediately.");
  await dialog.getByRole("button", { name: "Delete service account" }).click();
  await expect(dashboard.getByRole("heading", { level: 1, name: "Service accounts" })).toBeVisible();
  expect((await ask(secrets[1])).status).toBe(401);
});

test("a personal token is limited, shown once and revoked", async ({ dashboard, hub }) => {
  await open(dashboard, `/o/${hub.demo.organization}`);
  await dashboard.getByRole("button", { name: /^Account:/ }).click();
  await dashboard.getByRole("menuitem", { name: "Personal tokens" }).click();
  await dashboard.getByRole("button", { name: "Create token" }).click();
  const dialog = dialogOf(dashboard);
  await dialog.getByLabel("Name").fill("laptop");
  await dialog.getByLabel("It can do at most").selectOption("viewer");
  await dialog.getByRole("button", { name: "Create token" }).click();
  await expect(dialog.getByText(/^pbt_/)).toBeVisible();
  await dialog.getByRole("button", { name: "I’ve saved it" }).click();
  const row = dashboard.getByRole("row", { name: /laptop/ });
  await expect(row).toContainText("Viewer");
  await row.getByRole("button", { name: "Revoke laptop" }).click();
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  await expect(dashboard.getByText("No personal tokens yet")).toBeVisible();
});

test("a member is given a role in one environment, on a page of their own", async ({ dashboard, hub }) => {
  await open(dashboard, `/o/${hub.demo.organization}/roles/viewer`);
  await dashboard.getByRole("main").getByRole("link", { name: "Noor Haddad" }).click();
  await expect(dashboard.getByRole("heading", { level: 1, name: "Noor Haddad" })).toBeVisible();
  await expect(dashboard.getByRole("main").getByRole("link", { name: "On call" })).toBeVisible();
  await dashboard.getByRole("button", { name: "Roles in Storefront / Development: none" }).click();
  await dashboard.getByRole("menuitemcheckbox", { name: "Editor" }).click();
  const dialog = dialogOf(dashboard);
  await expect(dialog).toContainText("Noor Haddad will be able to:");
  await dialog.getByRole("button", { name: "Give role" }).click();
  const given = dashboard.getByRole("button", { name: "Roles in Storefront / Development: Editor" });
  await given.click();
  await dashboard.getByRole("menuitemcheckbox", { name: "Editor" }).click();
  await dialog.getByRole("button", { name: "Take role away" }).click();
  await expect(given).toHaveCount(0);
});

test("an address that leads nowhere says so in its breadcrumb and heading", async ({ dashboard, hub }) => {
  for (const path of ["nowhere", "nowhere/at/all", "p/storefront/nowhere"]) {
    await open(dashboard, `/o/${hub.demo.organization}/${path}`);
    await expect(dashboard.getByRole("heading", { level: 1, name: "Page not found" })).toBeVisible();
    const breadcrumb = dashboard.getByRole("navigation", { name: "Breadcrumb" });
    await expect(breadcrumb.getByText("Page not found")).toHaveAttribute("aria-current", "page");
  }
});

test("the audit log says in words who was given which access", async ({ dashboard, hub, admin }) => {
  const params = { path: { org: hub.demo.organization } };
  const account = await admin.api.POST("/api/v1/organizations/{org}/service-accounts", {
    params,
    body: { name: "Night watch" },
  });
  await admin.api.POST("/api/v1/organizations/{org}/grants", {
    params,
    body: {
      holder: { kind: "serviceAccount", id: account.data?.id ?? "" },
      role: "editor",
      scope: { project: hub.demo.project, environment: "staging" },
    },
  });
  await open(dashboard, `/o/${hub.demo.organization}/audit`);
  const entry = dashboard.getByRole("rowheader").filter({ hasText: "gave access to" }).first();
  await expect(entry).toContainText("Night watch");
  await expect(entry).toContainText("Editor in Storefront / Staging");
  await dashboard.getByLabel("Action", { exact: true }).selectOption("serviceAccount.created");
  await expect(dashboard.getByRole("rowheader").first()).toContainText("created the service account");
});

test("a long list of teams is narrowed by name", async ({ dashboard, hub, admin }) => {
  for (let number = 1; number <= 8; number += 1) {
    await admin.api.POST("/api/v1/organizations/{org}/teams", {
      params: { path: { org: hub.demo.organization } },
      body: { name: `Squad ${number}` },
    });
  }
  await open(dashboard, `/o/${hub.demo.organization}/teams`);
  const teams = dashboard.getByRole("main").getByRole("listitem");
  await dashboard.getByRole("searchbox", { name: "Search teams" }).fill("squad 3");
  await expect(teams).toHaveCount(1);
  await expect(teams).toContainText("Squad 3");
});
