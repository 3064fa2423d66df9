import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

test("a server key is shown once, rotated with a grace, and revoked", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "environments/development"));
  await dashboard.getByRole("button", { name: "Create server key" }).click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByLabel("Name").fill("orders service");
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(dialog.getByText("You won’t be able to see it again")).toBeVisible();
  await expect(dialog.getByText(/^pbs_/)).toBeVisible();
  await dialog.getByRole("button", { name: "I’ve saved it" }).click();

  const rows = dashboard.getByRole("table", { name: "Server keys" }).getByRole("row");
  await rows.getByRole("button", { name: "More actions for orders service" }).click();
  await dashboard.getByRole("menuitem", { name: "Rotate…" }).click();
  await dialog.getByLabel("Old key stops working").selectOption({ label: "In 7 days" });
  await dialog.getByRole("button", { name: "Rotate key" }).click();
  await dialog.getByRole("button", { name: "I’ve saved it" }).click();
  await expect(rows.filter({ hasText: "orders service" })).toHaveCount(2);
  const old = rows.filter({ hasText: "expiring" });
  await expect(old).toContainText("in 7 days");

  await old.getByRole("button", { name: "More actions for orders service" }).click();
  await dashboard.getByRole("menuitem", { name: "Revoke…" }).click();
  await expect(dialog.getByText("No application is connected with a server key.")).toBeVisible();
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await expect(dashboard.getByText("orders service revoked")).toBeVisible();
  await expect(rows.filter({ hasText: "orders service" })).toHaveCount(1);
});

test("a segment is filled, used by a flag, and kept from being deleted", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("uses");
  await dashboard.goto(at(hub, "segments"));
  await dashboard.getByRole("button", { name: "Create segment" }).click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByLabel("Name").fill(`Group of ${flag}`);
  await dialog.getByRole("button", { name: "Create segment" }).click();
  await expect(dashboard.getByRole("heading", { name: `Group of ${flag}` })).toBeVisible();
  const included = dashboard.getByLabel("Included keys", { exact: true });
  await included.fill("user-1");
  await included.press("Enter");
  await dashboard.getByRole("button", { name: "Save segment" }).click();
  await expect(dialog.getByText("No flag uses this segment yet")).toBeVisible();
  await dialog.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByText("Segment saved")).toBeVisible();

  await dashboard.goto(at(hub, `flags/${flag}?env=staging`));
  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });
  await rule.getByRole("button", { name: "Remove condition" }).click();
  await rule.getByRole("button", { name: "Other…" }).click();
  await dashboard.getByRole("menuitem", { name: /Segment/ }).click();
  await rule.getByRole("button", { name: "Choose a segment" }).click();
  await dashboard.getByPlaceholder("Search segments").fill(`group of ${flag}`);
  await dashboard.getByRole("option", { name: `Group of ${flag}` }).click();
  await dashboard
    .getByRole("region", { name: "Unsaved changes" })
    .getByRole("button", { name: "Save" })
    .click();
  await expect(dashboard.getByText("Saved", { exact: true })).toBeVisible();

  await rule.getByRole("link", { name: /Open segment/ }).click();
  await expect(dashboard.getByRole("list", { name: "Used by" })).toContainText(flag);
  await dashboard.getByRole("button", { name: "Delete segment" }).click();
  await expect(dialog).toContainText("is still in use");
});

test("a flag is edited, archived, taken back and deleted", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("life");
  await dashboard.goto(at(hub, `flags/${flag}`));
  const more = dashboard.getByRole("button", { name: "More actions for this flag" });
  const dialog = dashboard.getByRole("dialog");
  await more.click();
  await dashboard.getByRole("menuitem", { name: /^Edit/ }).click();
  await dialog.getByLabel("Name").fill(`A life of ${flag}`);
  await dialog.getByLabel("Tags").fill("short-lived");
  await dialog.getByLabel("Tags").press("Enter");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dashboard.getByRole("heading", { name: `A life of ${flag}`, level: 1 })).toBeVisible();

  await dashboard.getByRole("tab", { name: "Variations" }).click();
  await dashboard.getByLabel("Name of variation 1").fill("Shown");
  await dashboard.getByRole("button", { name: "Save variations" }).click();
  await dialog.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByText("Variations saved")).toBeVisible();

  await more.click();
  await dashboard.getByRole("menuitem", { name: "Archive…" }).click();
  await dialog.getByRole("button", { name: "Archive flag" }).click();
  await expect(dashboard.getByText("Archived", { exact: true })).toBeVisible();
  await dashboard.goto(at(hub, `flags?q=${flag}&archived=true`));
  await dashboard.getByRole("link", { name: `A life of ${flag}` }).click();
  await more.click();
  await dashboard.getByRole("menuitem", { name: "Restore…" }).click();
  await dialog.getByRole("button", { name: "Restore flag" }).click();
  await expect(dashboard.getByText("Archived", { exact: true })).toHaveCount(0);

  await more.click();
  await dashboard.getByRole("menuitem", { name: "Delete…" }).click();
  await dialog.getByLabel(/Type .* to confirm/).fill(flag);
  await dialog.getByRole("button", { name: "Delete flag" }).click();
  await expect(dashboard.getByText(`${flag} deleted`)).toBeVisible();
});

test("an environment starts as a copy of another", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "environments"));
  await dashboard.getByRole("button", { name: "Create environment" }).click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Quality assurance");
  await dialog.getByLabel("Start from").selectOption({ label: "A copy of Staging" });
  await dialog.getByRole("button", { name: "Create environment" }).click();
  await expect(dashboard.getByRole("heading", { name: "Quality assurance" })).toBeVisible();
  await dashboard.goto(at(hub, "flags/hero-theme?env=quality-assurance"));
  await expect(dashboard.getByRole("button", { name: /^Rule 1/ })).toContainText("country is one of");

  await dashboard.goto(at(hub, "environments/quality-assurance/settings"));
  await dashboard.getByRole("button", { name: "Delete environment" }).click();
  await dialog.getByLabel(/Type .* to confirm/).fill("quality-assurance");
  await dialog.getByRole("button", { name: "Delete environment" }).click();
  await expect(dashboard.getByRole("list", { name: "Environments" })).not.toContainText("Quality assurance");
});

test("what the hub refuses stands at its field", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "flags"));
  await dashboard.getByRole("button", { name: "Create flag" }).click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("New checkout");
  await dialog.getByRole("button", { name: "Create flag" }).click();
  await expect(dialog.getByLabel("Key", { exact: true })).toHaveAttribute("aria-invalid", "true");

  await dashboard.goto(at(hub, "flags/hero-theme?env=development"));
  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 2" });
  await rule.getByLabel("Attribute", { exact: true }).fill("email");
  await rule.getByLabel("Comparison").selectOption({ label: "matches" });
  await rule.getByLabel("Values", { exact: true }).fill("(?<=shop)x");
  await rule.getByLabel("Values", { exact: true }).press("Enter");
  await dashboard
    .getByRole("region", { name: "Unsaved changes" })
    .getByRole("button", { name: "Save" })
    .click();
  await expect(rule.getByRole("alert")).toBeVisible();
});

test("the audit log is narrowed by its filters, which stand in the URL", async ({ dashboard, hub }) => {
  await dashboard.goto(`/o/${hub.demo.organization}/audit`);
  await dashboard.getByLabel("Project", { exact: true }).selectOption({ label: "Storefront" });
  await dashboard.getByLabel("Environment").selectOption({ label: "Staging" });
  await expect(dashboard).toHaveURL(/environment=staging/);
  const changes = dashboard.getByRole("table", { name: "Changes" });
  await expect(changes.getByRole("row").filter({ hasText: "staging" }).first()).toBeVisible();
  await expect(changes.getByText("production", { exact: true })).toHaveCount(0);
  await dashboard.reload();
  await expect(dashboard.getByLabel("Environment")).toHaveValue("staging");
});

test("a change of a hundred things takes a few lines of the audit log", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("hundred");
  const { organization: org, project } = hub.demo;
  const rules = Array.from({ length: 100 }, (_, index) => ({
    id: `rule-${index}`,
    when: { attribute: "country", op: "in" as const, values: [`country-${index}`] },
    serve: { variation: "on" },
  }));
  await admin.api.PATCH(
    `/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}`,
    {
      params: { path: { org, project, flag, environment: "development" } },
      body: { rules },
    },
  );
  await dashboard.goto(`/o/${org}/audit?project=${project}&flag=${flag}`);
  const entry = dashboard.getByRole("row").filter({ hasText: "changed the targeting" });
  await expect(entry.getByRole("listitem")).toHaveCount(4);
  await entry.getByRole("button", { name: "Show all 100 changes" }).click();
  await expect(entry.getByRole("listitem")).toHaveCount(100);
});

test("a flag whose making was never answered is not made twice", async ({ dashboard, hub }) => {
  const name = `Unanswered ${process.pid}`;
  await dashboard.goto(at(hub, "flags"));
  await dashboard.getByRole("button", { name: "Create flag" }).click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  let lost = 0;
  await dashboard.route("**/flags", async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.continue();
    lost += 1;
    // The hub makes it, and the answer is lost on its way.
    await route.fetch();
    await route.abort();
  });
  await dialog.getByRole("button", { name: "Create flag" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The hub can’t be reached");
  await dialog.getByRole("button", { name: "Create flag" }).click();
  await expect(dashboard.getByRole("heading", { name, level: 1 })).toBeVisible();
});
