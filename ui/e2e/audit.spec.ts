import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { settled } from "./pages";
import { test } from "./roles";

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
}

test("the audit log is narrowed by person, subject and days, and the URL keeps it", async ({
  signedInAs,
  hub,
  machine,
}) => {
  const page = await signedInAs("owner");
  await open(page, `/o/${hub.demo.organization}/audit`);
  const rows = page.getByRole("rowheader");
  await page.getByLabel("Person", { exact: true }).selectOption({ label: machine.heir.name });
  await expect(page).toHaveURL(new RegExp(`actor=${machine.heir.id}`));
  await expect(rows.first()).toContainText(machine.heir.name);
  await page.getByRole("button", { name: "Clear filters" }).click();

  await page.getByLabel("Subject", { exact: true }).selectOption({ label: "Segments" });
  await expect(rows.first()).toContainText("segment");
  await page.getByLabel("From", { exact: true }).fill("2030-01-02");
  await expect(page.getByText("No matching changes")).toBeVisible();
  await page.getByLabel("To", { exact: true }).fill("2030-01-01");
  await expect(page.getByRole("alert")).toContainText("The last day is before the first");
  await page.reload();
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("2030-01-02");
  await expect(page.getByLabel("Subject", { exact: true })).toHaveValue("segment");
});

test("an entry says where it came from, and its place in the chain", async ({ signedInAs, hub }) => {
  const page = await signedInAs("owner");
  await open(page, `/o/${hub.demo.organization}/audit?action=member.signedIn`);
  const entry = page.getByRole("rowheader").first();
  await entry.getByText("Details").click();
  await expect(entry).toContainText("127.0.0.1");
  await expect(entry.getByText("Session", { exact: true })).toBeVisible();
  await expect(entry.getByRole("button", { name: "Copy hash" })).toBeVisible();
  await entry.getByRole("link", { name: /^Show only changes by/ }).click();
  await expect(page).toHaveURL(/actor=/);
});

test("the chain is verified on the page", async ({ signedInAs, hub }) => {
  const page = await signedInAs("owner");
  await open(page, `/o/${hub.demo.organization}/audit`);
  await expect(page.getByText(/^Newest entry: \d/)).toBeVisible();
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText(/^Intact: [\d,]+ entries$/)).toBeVisible();
});

test("a chain that was changed is said to be", async ({ signedInAs, hub }) => {
  const page = await signedInAs("owner");
  const problem = "entry 4 was changed: its content does not match its hash";
  await page.route("**/audit/verification", (route) => route.fulfill({ json: { isIntact: false, problem } }));
  await open(page, `/o/${hub.demo.organization}/audit`);
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText("The audit log was changed")).toBeVisible();
  await expect(page.getByText("Entry 4 was changed: its content does not match its hash.")).toBeVisible();
});

test("the audit log is exported as it is filtered, as JSON Lines and CSV", async ({ signedInAs, hub }) => {
  const page = await signedInAs("owner");
  await open(page, `/o/${hub.demo.organization}/audit?action=segment.created`);
  for (const [format, suffix] of [
    ["JSON Lines", "jsonl"],
    ["CSV", "csv"],
  ] as const) {
    await page.getByRole("button", { name: "Export" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: format }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe(`audit-${hub.demo.organization}.${suffix}`);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
    if (suffix === "csv") {
      expect(lines[0]).toContain("sequence,id,at,");
    } else {
      const entries = lines.map((line) => JSON.parse(line) as { action: string; hash: string });
      expect(entries.every(({ action, hash }) => action === "segment.created" && hash.length === 64)).toBe(
        true,
      );
    }
  }
});

test("an export that breaks off says so and saves nothing", async ({ signedInAs, hub }) => {
  const page = await signedInAs("owner");
  await page.route("**/audit/export?**", (route) => route.abort());
  await open(page, `/o/${hub.demo.organization}/audit`);
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "CSV" }).click();
  await expect(page.getByText("The hub can’t be reached")).toBeVisible();
  await expect(page.getByRole("button", { name: "Export" })).toBeEnabled();
});

test("a viewer sees changes, and neither exports nor verifies them", async ({ signedInAs, hub }) => {
  const page = await signedInAs("viewer");
  await open(page, `/o/${hub.demo.organization}/audit`);
  const button = page.getByRole("button", { name: "Export" });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await button.hover();
  await expect(page.getByRole("tooltip")).toContainText("You need permission to export the audit log");
  await expect(page.getByRole("button", { name: "Verify" })).toHaveCount(0);
});

test("the security page shows failed sign-ins and how long the audit log is kept", async ({
  signedInAs,
  hub,
  machine,
}) => {
  const refused = await fetch(`${hub.dashboard}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "Intruder/1.0" },
    body: JSON.stringify({ email: machine.heir.email, password: "not it" }),
  });
  expect(refused.status).toBe(401);
  const page = await signedInAs("owner");
  await open(page, `/o/${hub.demo.organization}/security`);
  const failures = page.getByRole("list", { name: "Failed sign-ins" });
  await expect(failures.getByRole("listitem").first()).toContainText(machine.heir.email);
  await expect(failures.getByRole("listitem").first()).toContainText("127.0.0.1 · Intruder/1.0");
  await expect(page.getByText("Entries are kept forever.")).toBeVisible();
  await page.getByRole("link", { name: "Show all in the audit log" }).click();
  await expect(page).toHaveURL(/action=member\.signInFailed/);
});

test("an editor sees on the security page what they need for each part", async ({ signedInAs, hub }) => {
  const page = await signedInAs("editor");
  await open(page, `/o/${hub.demo.organization}/security`);
  await expect(page.getByRole("switch", { name: "Require a second factor" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await expect(page.getByText("view sign-ins and changes to access").first()).toBeVisible();
});
