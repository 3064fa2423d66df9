import type { Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { at } from "./fixtures";
import { settled } from "./pages";
import { test } from "./roles";

// What people of each role see and can do. One person plays them all, so the tests run one after the other.

async function isDisabled(action: Locator): Promise<void> {
  await expect(action).toHaveAttribute("aria-disabled", "true");
}
async function isEnabled(action: Locator): Promise<void> {
  await expect(action).toBeVisible();
  await expect(action).not.toHaveAttribute("aria-disabled", "true");
}
/** Focuses a disabled action and waits until its hint says this. */
async function explained(action: Locator, expected: RegExp, where: string): Promise<void> {
  await expect(async () => {
    // Scrolling, which focusing what is below the fold does, hides a hint.
    await action.scrollIntoViewIfNeeded();
    await action.blur();
    await action.focus();
    await expect(action, where).toHaveAccessibleDescription(expected, { timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
}
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();
const toggle = (page: Page, environment: string) =>
  page.getByRole("switch", { name: new RegExp(`in ${environment}$`) }).first();

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settled(page);
}

test("a viewer sees everything of a project and is told who can let them change it", async ({
  signedInAs,
  hub,
  machine,
}) => {
  const page = await signedInAs("viewer");
  await open(page, at(hub, "flags"));
  await isDisabled(button(page, "Create flag"));
  const production = toggle(page, "Production");
  await isDisabled(production);
  await production.hover();
  const hint = page.getByRole("tooltip");
  await expect(hint).toContainText("You need permission to turn flags on and off in Production.");
  await expect(hint).toContainText(`${machine.heir.name} can give it to you.`);
  await production.press("Enter");
  const panel = page.getByRole("dialog", { name: "Your access" });
  await expect(panel).toContainText("No. You can’t turn flags on and off in Storefront / Production.");
  await expect(panel).toContainText("Applies here, but doesn’t include this permission");
  await expect(panel).toContainText(machine.heir.name);
  await page.keyboard.press("Escape");
  await expect(production).toBeFocused();

  await open(page, at(hub, "flags/hero-theme?env=production"));
  await button(page, "More actions for this flag").click();
  for (const name of [/^Edit/, /^Archive/, /^Delete/]) await isDisabled(page.getByRole("menuitem", { name }));
  await page.keyboard.press("Escape");
  await isDisabled(button(page, "Add rule"));
  await open(page, at(hub, "segments"));
  await isDisabled(button(page, "Create segment"));
  await open(page, at(hub, "environments"));
  await isDisabled(button(page, "Create environment"));
  await open(page, at(hub, "environments/production"));
  await isDisabled(button(page, "Create server key"));
  await open(page, at(hub, "settings"));
  await isDisabled(button(page, "Save"));
  await isDisabled(button(page, "Delete project"));
});

test("an editor changes flags and segments, and neither keys nor environments", async ({
  signedInAs,
  hub,
}) => {
  const page = await signedInAs("editor");
  await open(page, at(hub, "flags"));
  await isEnabled(button(page, "Create flag"));
  await isEnabled(toggle(page, "Production"));
  await open(page, at(hub, "segments"));
  await isEnabled(button(page, "Create segment"));
  await open(page, at(hub, "environments/production"));
  await isDisabled(button(page, "Create server key"));
  await open(page, at(hub, "environments"));
  await isDisabled(button(page, "Create environment"));
  await open(page, at(hub, "settings"));
  await isDisabled(button(page, "Delete project"));
});

test("an admin manages projects, environments and keys, and does not rename the organization", async ({
  signedInAs,
  hub,
}) => {
  const page = await signedInAs("admin");
  await open(page, at(hub, "environments/production"));
  await isEnabled(button(page, "Create server key"));
  await open(page, at(hub, "environments"));
  await isEnabled(button(page, "Create environment"));
  await open(page, at(hub, "settings"));
  await isEnabled(button(page, "Delete project"));
  await open(page, `/o/${hub.demo.organization}/general`);
  const save = button(page, "Save");
  await isDisabled(save);
  await save.hover();
  await expect(page.getByRole("tooltip")).toContainText(
    "You need permission to change the organization's settings.",
  );
});

test("an editor of development changes development and only sees the rest", async ({ signedInAs, hub }) => {
  const page = await signedInAs(null, [{ role: "viewer" }, { role: "editor", environment: "development" }]);
  await open(page, at(hub, "flags"));
  await isDisabled(button(page, "Create flag"));
  const development = toggle(page, "Development");
  await isEnabled(development);
  await isDisabled(toggle(page, "Production"));
  const before = (await development.getAttribute("aria-checked")) === "true";
  await development.click();
  await expect(development).toHaveAttribute("aria-checked", String(!before));
  await development.click();
  await expect(development).toHaveAttribute("aria-checked", String(before));

  await open(page, at(hub, "flags/hero-theme?env=development"));
  await isEnabled(button(page, "Add rule"));
  await open(page, at(hub, "flags/hero-theme?env=production"));
  await isDisabled(button(page, "Add rule"));
  await button(page, "More actions for this flag").click();
  // Archiving would change what production serves.
  await isDisabled(page.getByRole("menuitem", { name: /^Archive/ }));
  await page.keyboard.press("Escape");
  await open(page, at(hub, "flags/hero-theme?tab=variations"));
  await isDisabled(button(page, "Save variations"));
  await open(page, at(hub, "segments"));
  await isDisabled(button(page, "Create segment"));
});

test("somebody who may turn flags on in one environment can do that and nothing else", async ({
  signedInAs,
  hub,
  machine,
}) => {
  const roles = await machine.api.GET("/api/v1/organizations/{org}/roles", {
    params: { path: { org: hub.demo.organization } },
  });
  const manager = roles.data?.items.find(({ name }) => name === "Release manager");
  if (!manager) throw new Error("the demo has no custom role");
  const page = await signedInAs("viewer", [{ role: manager.id, environment: "staging" }]);
  await open(page, at(hub, "flags"));
  await isEnabled(toggle(page, "Staging"));
  await isDisabled(toggle(page, "Production"));
  await open(page, at(hub, "flags/hero-theme?env=staging"));
  await isDisabled(button(page, "Add rule"));
});

test("an open page follows when access is given or taken away", async ({ signedInAs, hub }) => {
  const page = await signedInAs("viewer");
  await open(page, at(hub, "flags"));
  await isDisabled(button(page, "Create flag"));
  await expect(page.getByRole("status", { name: /Live/ }).or(page.getByText("Live"))).toBeVisible();
  await signedInAs("editor");
  await isEnabled(button(page, "Create flag"));
  await signedInAs("viewer");
  await isDisabled(button(page, "Create flag"));
});

test("pages about access say what they need, to those who may not see them", async ({
  signedInAs,
  hub,
  machine,
}) => {
  const page = await signedInAs("editor");
  for (const path of ["teams", "roles", "service-accounts"]) {
    await open(page, `/o/${hub.demo.organization}/${path}`);
    const content = page.getByRole("main");
    await expect(content.getByText("You don’t have access to this page")).toBeVisible();
    await expect(content).toContainText(
      /You need permission to (view members and teams|manage service accounts)/,
    );
    await expect(content).toContainText(`${machine.heir.name} can give it to you.`);
  }
});

test("an admin gives roles, but none that exceeds their own", async ({ signedInAs, hub }) => {
  const page = await signedInAs("admin");
  await open(page, `/o/${hub.demo.organization}/teams`);
  await page
    .getByRole("main")
    .getByRole("link", { name: /Checkout/ })
    .click();
  await page.getByRole("button", { name: "Roles in the whole organization: none" }).click();
  await isEnabled(page.getByRole("menuitemcheckbox", { name: "Admin" }));
  const owner = page.getByRole("menuitemcheckbox", { name: /^Owner/ });
  await isDisabled(owner);
  await expect(owner).toContainText("You need permission to change the organization's settings.");
});

test("only an owner exports, erases and deletes, and others are told whom to ask", async ({
  signedInAs,
  hub,
  machine,
}) => {
  for (const role of ["viewer", "editor", "admin"] as const) {
    const page = await signedInAs(role);
    await open(page, `/o/${hub.demo.organization}/general`);
    for (const name of ["Export", "Erase…", "Delete organization"]) {
      const action = page.getByRole("button", { name, exact: true });
      await isDisabled(action);
      await explained(action, new RegExp(`${machine.heir.name} can give it to you`), role);
    }
  }
});
