import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";

test("a change is told in words and undone with one click", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("undo");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByLabel("Everyone else gets").selectOption({ label: "off" });
  await dashboard
    .getByRole("region", { name: "Unsaved changes" })
    .getByRole("button", { name: "Save" })
    .click();
  await expect(dashboard.getByText("Saved", { exact: true })).toBeVisible();

  await dashboard.getByRole("tab", { name: "History" }).click();
  const newest = dashboard.getByRole("list", { name: "History" }).getByRole("listitem").first();
  await expect(newest).toContainText("Everyone else now gets on");
  await newest.getByRole("button", { name: "Undo this" }).click();
  await expect(dashboard.getByText("Reverted", { exact: true })).toBeVisible();
  await dashboard.getByRole("tab", { name: "Targeting" }).click();
  await expect(dashboard.getByLabel("Everyone else gets")).toHaveValue("on");
});

test("production's changes are taken back after a look and with a reason", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("back");
  const { organization: org, project } = hub.demo;
  const path = { org, project, flag, environment: "production" };
  await admin.api.PATCH(TARGETING, { params: { path }, body: { enabled: true } });
  await dashboard.goto(at(hub, `flags/${flag}?env=production&tab=history`));
  await dashboard.getByRole("button", { name: "Undo this" }).click();
  const dialog = dashboard.getByRole("dialog");
  await expect(dialog.getByText("Turned off")).toBeVisible();
  await dialog.getByLabel("Comment").fill("Too early");
  await dialog.getByRole("button", { name: "Revert" }).click();
  await expect(dashboard.getByText("Reverted", { exact: true })).toBeVisible();
  await expect(dashboard.getByRole("list", { name: "History" })).toContainText("Too early");
});

test("what came after what the history shows is not taken back with it", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("unseen");
  const { organization: org, project } = hub.demo;
  const path = { org, project, flag, environment: "staging" };
  await admin.api.PATCH(TARGETING, { params: { path }, body: { enabled: true } });
  // Without the stream of changes the page does not learn of the next one.
  await dashboard.route("**/events", (route) => route.abort());
  await dashboard.goto(at(hub, `flags/${flag}?env=staging&tab=history`));
  const undo = dashboard.getByRole("button", { name: "Undo this" });
  await expect(undo).toBeVisible();
  await admin.api.PATCH(TARGETING, { params: { path }, body: { offVariation: "on" } });
  await undo.click();
  await expect(dashboard.getByText("Couldn’t revert", { exact: true })).toBeVisible();
  const { data } = await admin.api.GET(TARGETING, { params: { path } });
  expect(data).toMatchObject({ enabled: true, offVariation: "on" });
});

test("one environment's history is not hidden behind another's", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("busy");
  const { organization: org, project } = hub.demo;
  const path = { org, project, flag };
  const turn = (environment: string, enabled: boolean) =>
    admin.api.PATCH(TARGETING, { params: { path: { ...path, environment } }, body: { enabled } });
  await turn("development", true);
  for (let count = 0; count < 41; count++) await turn("staging", count % 2 === 0);
  await dashboard.goto(at(hub, `flags/${flag}?env=development&tab=history`));
  const history = dashboard.getByRole("list", { name: "History" }).getByRole("listitem");
  await expect(history).toHaveCount(2);
  await expect(history.first()).toContainText("turned on");
});
