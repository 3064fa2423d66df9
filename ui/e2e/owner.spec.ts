import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Admin } from "./admin";
import { test } from "./fixtures";
import { newPerson } from "./person";

// What only an owner does: taking the data along, erasing, handing over, deleting.

/** An organization that no other test uses. */
async function newOrganization(admin: Admin, name: string) {
  const key = `${name}-${process.pid}`;
  await admin.api.POST("/api/v1/organizations", { body: { name, key } });
  return key;
}

async function general(page: Page, org: string) {
  await page.goto(`/o/${org}/general`);
  await expect(page.getByRole("heading", { level: 1, name: "General" })).toBeVisible();
}

test("an owner exports the organization to a file that is complete", async ({ dashboard, hub }) => {
  await general(dashboard, hub.demo.organization);
  const download = dashboard.waitForEvent("download");
  await dashboard.getByRole("button", { name: "Export", exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`${hub.demo.organization}.jsonl`);
  const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\n");
  const documents = lines.map((line) => JSON.parse(line) as { kind: string; value: { lines?: number } });
  expect(documents[0]?.kind).toBe("organization");
  expect(documents.at(-1)).toEqual({ kind: "end", value: { lines: lines.length - 1 } });
  await expect(dashboard.getByText("Export downloaded")).toBeVisible();
});

test("an export that breaks off or is refused says so and can be tried again", async ({ dashboard, hub }) => {
  const { organization } = hub.demo;
  const url = `**/api/v1/organizations/${organization}/export`;
  await dashboard.route(url, (route) => route.fulfill({ body: '{"kind":"organization","value":{}}\n' }));
  await general(dashboard, organization);
  const start = dashboard.getByRole("button", { name: "Export", exact: true });
  await start.click();
  const alert = dashboard.getByRole("alert");
  await expect(alert).toHaveText("The download ended before the file was complete. Try again.");
  await dashboard.unroute(url);
  await dashboard.route(url, (route) => route.abort());
  await start.click();
  await expect(alert).toContainText("The hub can’t be reached.");
  await dashboard.unroute(url);
  const download = dashboard.waitForEvent("download");
  await start.click();
  await download;
  await expect(alert).toHaveCount(0);
});

test("an export that takes long can be stopped", async ({ dashboard, hub }) => {
  const { organization } = hub.demo;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  await dashboard.route(`**/api/v1/organizations/${organization}/export`, async (route) => {
    await finished;
    await route.abort();
  });
  await general(dashboard, organization);
  await dashboard.getByRole("button", { name: "Export", exact: true }).click();
  await expect(dashboard.getByRole("status").filter({ hasText: "Preparing the export" })).toBeVisible();
  await dashboard.getByRole("button", { name: "Stop" }).click();
  await expect(dashboard.getByText("Preparing the export")).toHaveCount(0);
  await expect(dashboard.getByRole("alert")).toHaveCount(0);
  finish();
});

test("an owner erases what is recorded of a person", async ({ dashboard, hub }) => {
  await general(dashboard, hub.demo.organization);
  await dashboard.getByRole("button", { name: "Erase…" }).click();
  const dialog = dashboard.getByRole("dialog", { name: "Erase a person of your applications" });
  await dialog.getByRole("button", { name: "Erase" }).click();
  await expect(dialog.getByText("Enter the targeting key.")).toBeVisible();
  const key = `nobody-${process.pid}`;
  await dialog.getByLabel("Targeting key").fill(key);
  await dialog.getByRole("button", { name: "Erase" }).click();
  await expect(dashboard.getByText(`Nothing was recorded of ${key}`)).toBeVisible();
  await expect(dialog).toHaveCount(0);
});

test("an owner hands the organization over, and then is an admin of it", async ({ dashboard, admin }) => {
  const org = await newOrganization(admin, "handover");
  const email = await newPerson(admin, org, "hanna", "admin");
  await dashboard.goto(`/o/${org}/members`);
  const row = dashboard.getByRole("row").filter({ hasText: email });
  await row.getByRole("button", { name: "Actions for hanna" }).click();
  await dashboard.getByRole("menuitem", { name: "Transfer ownership…" }).click();
  const dialog = dashboard.getByRole("dialog", { name: "Transfer ownership to hanna?" });
  const transfer = dialog.getByRole("button", { name: "Transfer ownership" });
  await expect(transfer).toHaveAttribute("aria-disabled", "true");
  await dialog.getByRole("textbox").fill(`${org}-not`);
  await transfer.press("Enter");
  await expect(dialog).toBeVisible();
  await dialog.getByRole("textbox").fill(org);
  await transfer.click();
  await expect(dashboard.getByText("hanna is now an owner")).toBeVisible();
  await expect(row.getByText("Owner", { exact: true })).toBeVisible();
  const own = dashboard.getByRole("row").filter({ has: dashboard.getByText("you", { exact: true }) });
  await expect(own.getByText("Admin", { exact: true })).toBeVisible();
  // Only an owner can undo it.
  await row.getByRole("button", { name: "Actions for hanna" }).click();
  for (const name of ["Change role…", "Remove from organization…"]) {
    await expect(dashboard.getByRole("menuitem", { name: new RegExp(name) })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
  }
});

test("an owner deletes an organization after typing its key", async ({ dashboard, admin }) => {
  const org = await newOrganization(admin, "doomed");
  await general(dashboard, org);
  await dashboard.getByRole("button", { name: "Delete organization" }).click();
  const dialog = dashboard.getByRole("dialog", { name: "Delete doomed?" });
  const submit = dialog.getByRole("button", { name: "Delete organization" });
  await expect(submit).toHaveAttribute("aria-disabled", "true");
  await dialog.getByRole("textbox").fill(org);
  await submit.click();
  await expect(dashboard.getByRole("heading", { name: "Organizations" })).toBeVisible();
  await expect(dashboard.getByText("doomed")).toHaveCount(0);
});
