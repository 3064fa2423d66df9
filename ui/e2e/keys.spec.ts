import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

test("a key that differs from another only by case is warned of, and makes a flag of its own", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const lower = await newFlag("sample");
  const upper = lower.replace("sample", "Sample");
  await dashboard.goto(at(hub, "flags"));
  await dashboard.getByRole("button", { name: "Create flag" }).click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(upper);
  await dialog.getByLabel("Key", { exact: true }).fill(upper);
  await expect(dialog.getByText(`${lower} already exists`)).toBeVisible();
  await dialog.getByRole("button", { name: "Create flag" }).click();
  await expect(dashboard.getByRole("heading", { name: upper })).toBeVisible();
  await dashboard.goto(at(hub, `flags?search=${lower.toUpperCase()}`));
  await expect(dashboard.getByRole("link", { name: upper, exact: true })).toBeVisible();
  await expect(dashboard.getByRole("link", { name: lower, exact: true })).toBeVisible();
});

test("a key with separators is a page, and is changed there", async ({ dashboard, hub }) => {
  const key = `team:new|Checkout~${process.pid}`;
  await dashboard.goto(at(hub, "segments"));
  await dashboard.getByRole("button", { name: "Create segment" }).click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Separated");
  await dialog.getByLabel("Key", { exact: true }).fill(key);
  await dialog.getByRole("button", { name: "Create segment" }).click();
  await expect(dashboard.getByRole("heading", { name: "Separated" })).toBeVisible();
  await dashboard.reload();
  await expect(dashboard.getByRole("heading", { name: "Separated" })).toBeVisible();
  await expect(dashboard.getByText(key)).toBeVisible();

  const chooser = dashboard.waitForEvent("filechooser");
  await dashboard.getByRole("button", { name: "Upload CSV of included keys" }).click();
  const rows = [
    "name,email",
    ...Array.from({ length: 1_500 }, (_, nth) => `User ${nth},user-${nth}@example.com`),
  ];
  await (await chooser).setFiles({
    name: "members.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(rows.join("\n")),
  });
  await expect(dialog.getByLabel("Column with the keys")).toHaveValue("1");
  await expect(dialog).toContainText("1,500 keys found");
  await dialog.getByRole("button", { name: "Add 1,500 keys" }).click();
  await dashboard.getByRole("button", { name: "Save segment" }).click();
  await dialog.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByText("Segment saved")).toBeVisible();
  await dashboard.reload();
  await expect(dashboard.getByText("1,500 keys")).toBeVisible();
});
