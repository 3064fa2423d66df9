import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { at, test } from "./fixtures";
import { makeLargeProject } from "./large-project";

const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";

/** Drags what a handle moves to where another handle is. */
async function drag(page: Page, name: string, to: string): Promise<void> {
  const from = await page.getByRole("button", { name, exact: true }).boundingBox();
  const target = await page.getByRole("button", { name: to, exact: true }).boundingBox();
  if (!from || !target) throw new Error("the handles are not on the page");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2, target.y + target.height / 2, { steps: 8 });
  await page.mouse.up();
}

test("a rule is picked up, moved and dropped with the keyboard, and each step is announced", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("lifted");
  const { organization: org, project } = hub.demo;
  const rule = (id: string) => ({ id, when: { all: [] }, serve: { variation: "on" } });
  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag, environment: "development" } },
    body: { rules: [rule("first"), rule("second"), rule("third")] },
  });
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  const announced = (text: string) => dashboard.getByRole("status").filter({ hasText: text });
  const handle = dashboard.getByRole("button", { name: "Move rule 1" });
  await handle.focus();
  await dashboard.keyboard.press("Space");
  await expect(announced("Picked up rule 1 at position 1 of 3.")).toHaveCount(1);
  await dashboard.keyboard.press("ArrowDown");
  await expect(announced("Moved rule 1 to position 2 of 3.")).toHaveCount(1);
  await dashboard.keyboard.press("Escape");
  await expect(announced("Canceled. Put rule 1 back at position 1 of 3.")).toHaveCount(1);
  await expect(dashboard.getByRole("region", { name: "Unsaved changes" })).toHaveCount(0);

  await dashboard.keyboard.press("Space");
  await expect(announced("Picked up")).toHaveCount(1);
  await dashboard.keyboard.press("ArrowDown");
  await expect(announced("Moved rule 1 to position 2 of 3.")).toHaveCount(1);
  await dashboard.keyboard.press("Space");
  await expect(dashboard.getByRole("button", { name: /^Rule 2: / })).toContainText("first");
  await expect(dashboard.getByRole("button", { name: "Move rule 2" })).toBeFocused();
});

test("conditions are put into order, and keep what is typed into them", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("conditions");
  // What is dragged must not lie below the bar at the foot.
  await dashboard.setViewportSize({ width: 1280, height: 1100 });
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });
  const attributes = rule.getByLabel("Attribute", { exact: true });
  await attributes.fill("country");
  await rule.getByRole("button", { name: "Add condition", exact: true }).click();
  await attributes.last().fill("plan");
  await rule.getByLabel("Values", { exact: true }).last().fill("half typed");
  await drag(dashboard, "Move condition 2", "Move condition 1");
  await expect(attributes.first()).toHaveValue("plan");
  await expect(attributes.last()).toHaveValue("country");
  await dashboard.getByRole("button", { name: "Move condition 1" }).press("ArrowDown");
  await expect(attributes.first()).toHaveValue("country");
  await expect(rule.getByRole("button", { name: "Remove half typed" })).toBeVisible();
});

test("variations are put into another order, after a look at it", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("variations");
  const { organization: org, project } = hub.demo;
  await dashboard.goto(at(hub, `flags/${flag}?tab=variations`));
  await drag(dashboard, "Move variation 2", "Move variation 1");
  await expect(dashboard.getByLabel("Key of variation 1")).toHaveValue("off");
  await dashboard.getByRole("button", { name: "Save variations" }).click();
  const dialog = dashboard.getByRole("dialog");
  await expect(dialog.getByRole("listitem")).toContainText("Reordered the variations");
  await dialog.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByText("Variations saved")).toBeVisible();
  const { data } = await admin.api.GET("/api/v1/organizations/{org}/projects/{project}/flags/{flag}", {
    params: { path: { org, project, flag } },
  });
  expect(data?.variations.map(({ key }) => key)).toEqual(["off", "on"]);
});

test("environments are pinned, unpinned and put into order", async ({ dashboard, hub, admin }) => {
  test.slow();
  const { organization: org } = hub.demo;
  const project = `pins-${process.pid}`;
  await makeLargeProject(admin, org, project, 1);
  await dashboard.goto(`/o/${org}/p/${project}/flags`);
  const heads = dashboard.getByRole("table", { name: "Flags" }).getByRole("columnheader");
  await expect(heads.nth(1)).toHaveText("Development");
  await dashboard.getByRole("button", { name: "4 of 12 pinned" }).click();
  await expect(dashboard.getByRole("button", { name: "Pin asia" })).toHaveAttribute("aria-disabled", "true");
  await dashboard.getByRole("button", { name: "Unpin Staging" }).click();
  await dashboard.getByRole("button", { name: "Pin asia" }).click();
  await dashboard.getByRole("button", { name: "Move asia" }).press("ArrowUp");
  await drag(dashboard, "Move asia", "Move Development");
  await expect(heads.nth(1)).toHaveText("asia");
  await expect(heads.nth(2)).toHaveText("Development");
  await dashboard.reload();
  await expect(heads.nth(1)).toHaveText("asia");
});

test("a project's environments are put into another order, for everyone", async ({
  dashboard,
  hub,
  admin,
}) => {
  const { organization: org } = hub.demo;
  const project = `order-${process.pid}`;
  await admin.api.POST("/api/v1/organizations/{org}/projects", {
    params: { path: { org } },
    body: { key: project, name: "Order" },
  });
  await dashboard.goto(`/o/${org}/p/${project}/environments`);
  const rows = dashboard.getByRole("list", { name: "Environments" }).getByRole("listitem");
  await expect(rows.first()).toContainText("Development");
  await dashboard.getByRole("button", { name: "Move Production" }).press("ArrowUp");
  await expect(rows.nth(1)).toContainText("Production");
  await drag(dashboard, "Move Production", "Move Development");
  await expect(rows.first()).toContainText("Production");
  const keys = async () => {
    const path = { org, project };
    const { data } = await admin.api.GET("/api/v1/organizations/{org}/projects/{project}", {
      params: { path },
    });
    return data?.environments.map(({ key }) => key);
  };
  await expect.poll(keys).toEqual(["production", "development", "staging"]);
});
