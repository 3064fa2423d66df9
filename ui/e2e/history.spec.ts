import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

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
  await dashboard.getByRole("dialog").getByRole("button", { name: "Revert" }).click();
  await expect(dashboard.getByText("Reverted", { exact: true })).toBeVisible();
  await dashboard.getByRole("tab", { name: "Targeting" }).click();
  await expect(dashboard.getByLabel("Everyone else gets")).toHaveValue("on");
});
