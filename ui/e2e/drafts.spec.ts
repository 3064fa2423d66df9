import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

const PROJECT = "/api/v1/organizations/{org}/projects/{project}";
const TARGETING = `${PROJECT}/flags/{flag}/environments/{environment}` as const;

/** Goes to another page of the dashboard and comes back the way a person does. */
async function lookElsewhere(page: Page): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Members" }).click();
  await expect(page.getByRole("heading", { name: "Members", level: 1 })).toBeVisible();
  await page.goBack();
}

test("unsaved variations survive a look at another tab and another page", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("variations");
  await dashboard.goto(at(hub, `flags/${flag}?tab=variations`));
  const name = dashboard.getByLabel("Name of variation 1");
  await name.fill("Shown");
  await dashboard.getByRole("tab", { name: "Targeting" }).click();
  await expect(dashboard.getByLabel("Everyone else gets")).toBeVisible();
  await dashboard.getByRole("tab", { name: "Variations" }).click();
  await expect(name).toHaveValue("Shown");
  await lookElsewhere(dashboard);
  await expect(name).toHaveValue("Shown");
});

test("an unsaved segment survives a look at another page", async ({ dashboard, hub, admin }) => {
  const { organization: org, project } = hub.demo;
  const segment = `kept-${process.pid}`;
  await admin.api.POST(`${PROJECT}/segments`, { params: { path: { org, project } }, body: { key: segment } });
  await dashboard.goto(at(hub, `segments/${segment}`));
  await dashboard.getByLabel("Name").fill("Kept");
  await dashboard.getByLabel("Included keys", { exact: true }).fill("user-1, user-2");
  await dashboard.getByLabel("Name").focus();
  await lookElsewhere(dashboard);
  await expect(dashboard.getByLabel("Name")).toHaveValue("Kept");
  await expect(dashboard.getByRole("button", { name: "Remove user-2" })).toBeVisible();
});

test("two who add the first rule at once keep both rules", async ({ dashboard, hub, admin, newFlag }) => {
  const flag = await newFlag("rules");
  const { organization: org, project } = hub.demo;
  const path = { org, project, flag, environment: "development" };
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });
  await rule.getByLabel("Attribute", { exact: true }).fill("country");
  await rule.getByLabel("Values", { exact: true }).fill("SE");
  await rule.getByLabel("Values", { exact: true }).press("Enter");
  const id = await rule.getByLabel("Name in history and evaluation details").inputValue();
  // As if both had been given the same name.
  const theirs = { id, when: { attribute: "plan", op: "in" as const, values: ["pro"] } };
  await admin.api.PATCH(TARGETING, {
    params: { path },
    body: { rules: [{ ...theirs, serve: { variation: "off" } }] },
  });
  const note = dashboard.getByRole("alert").filter({ hasText: "Someone else changed this" });
  await note.getByRole("button", { name: "Reapply mine" }).click();
  await dashboard
    .getByRole("region", { name: "Unsaved changes" })
    .getByRole("button", { name: "Save" })
    .click();
  await expect(dashboard.getByText("Saved", { exact: true })).toBeVisible();
  const { data } = await admin.api.GET(TARGETING, { params: { path } });
  expect(data?.rules.map((item) => item.id).sort()).toEqual([id, `${id}-2`]);
  expect(JSON.stringify(data?.rules)).toMatch(/SE.*pro|pro.*SE/);
});

test("unsaved targeting is evaluated, beside what is served now", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("evaluated");
  const { organization: org, project } = hub.demo;
  const path = { org, project, flag, environment: "development" };
  await admin.api.PATCH(TARGETING, { params: { path }, body: { enabled: true } });
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByLabel("Everyone else gets").selectOption({ label: "Percentage split…" });
  await dashboard.getByLabel("Share of off").fill("100");
  const evaluateTab = dashboard.getByRole("tab", { name: "Evaluate" });
  await evaluateTab.click();
  await expect(dashboard.getByText("You have unsaved changes in Development")).toBeVisible();
  await dashboard.getByRole("textbox", { name: "Context" }).fill('{ "targetingKey": "user-1" }');
  await dashboard.getByRole("button", { name: "Evaluate in Development" }).click();
  const result = dashboard.getByRole("region", { name: "Result" });
  await expect(result).toContainText("With your unsaved changes");
  await expect(result.getByText(/^Served now/).locator("..")).toContainText("on");
  await expect(result, "where the user falls is a percentage").toContainText(/falls at [\d.]+%/);
  await expect(result).not.toContainText("bucket");

  await dashboard.getByRole("tab", { name: "Targeting" }).click();
  await dashboard.getByRole("button", { name: "Add prerequisite" }).click();
  await evaluateTab.click();
  await expect(dashboard.getByText("Choose a flag.")).toBeVisible();
  await dashboard.getByRole("button", { name: "Evaluate in Development" }).click();
  await expect(result).toContainText("because everyone gets this variation");
  await expect(result).not.toContainText("With your unsaved changes");
});
