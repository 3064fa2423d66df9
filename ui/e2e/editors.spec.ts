import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { asBrowserCookie, signInElsewhere } from "./admin";
import { at, test } from "./fixtures";
import { startHub } from "./hub";

const PROJECT = "/api/v1/organizations/{org}/projects/{project}";
const FLAG = `${PROJECT}/flags/{flag}` as const;
const ENVIRONMENT = `${PROJECT}/environments/{environment}` as const;

const conflict = (page: Page) => page.getByRole("alert").filter({ hasText: "Someone else changed this" });

/** Holds a save back until the test lets it go, as a slow network would. */
async function holdBack(page: Page, method: string, url: string): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  await page.route(url, async (route) => {
    if (route.request().method() === method) await held;
    await route.continue();
  });
  return letGo;
}

test("two who edit a flag at once change what each means to", async ({ dashboard, hub, admin, newFlag }) => {
  const flag = await newFlag("twice");
  const { organization: org, project } = hub.demo;
  const path = { org, project, flag };
  const change = (body: { name?: string; description?: string }) =>
    admin.api.PATCH(FLAG, { params: { path }, body });
  await dashboard.goto(at(hub, `flags/${flag}`));
  await expect(dashboard.getByText("Live", { exact: true })).toBeVisible();
  await dashboard.getByRole("button", { name: "More actions for this flag" }).click();
  await dashboard.getByRole("menuitem", { name: /^Edit/ }).click();
  const dialog = dashboard.getByRole("dialog", { name: "Edit flag" });
  await dialog.getByLabel("Name").fill("Mine");
  await change({ description: "Theirs" });
  await expect(dialog.getByLabel("Description")).toHaveValue("Theirs");

  await change({ name: "Theirs as well" });
  await conflict(dashboard).getByRole("button", { name: "See what changed" }).click();
  const theirs = dashboard.getByRole("dialog", { name: "Their changes" });
  await expect(theirs).toContainText("Theirs as well");
  // Only once it has the focus is Escape its own: before, the dialog below would take it.
  await expect(theirs.locator(":focus")).toBeVisible();
  await dashboard.keyboard.press("Escape");
  await expect(theirs).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: "Save" })).toHaveAttribute("aria-disabled", "true");
  await conflict(dashboard).getByRole("button", { name: "Reapply mine" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  const { data } = await admin.api.GET(FLAG, { params: { path } });
  expect(data).toMatchObject({ name: "Mine", description: "Theirs" });
});

test("renaming an environment leaves its other settings as somebody else has just made them", async ({
  dashboard,
  hub,
  admin,
}) => {
  const { organization: org, project } = hub.demo;
  const environment = `both-${process.pid}`;
  const path = { org, project, environment };
  await admin.api.POST(`${PROJECT}/environments`, {
    params: { path: { org, project } },
    body: { key: environment, name: "Both" },
  });
  // Without the stream of changes the page does not learn of theirs before it saves.
  await dashboard.route("**/events", (route) => route.abort());
  await dashboard.goto(at(hub, `environments/${environment}/settings`));
  await dashboard.getByLabel("Name").fill("Mine");
  await admin.api.PATCH(ENVIRONMENT, { params: { path }, body: { production: true } });
  const save = dashboard.getByRole("button", { name: "Save" });
  await save.click();
  await expect(dashboard.getByRole("checkbox", { name: "Require confirmation for changes" })).toBeChecked();
  await expect(dashboard.getByLabel("Name")).toHaveValue("Mine");
  await save.click();
  await expect(dashboard.getByText("Environment saved")).toBeVisible();
  const { data } = await admin.api.GET(ENVIRONMENT, { params: { path } });
  expect(data).toMatchObject({ name: "Mine", production: true });
  await admin.api.DELETE(ENVIRONMENT, { params: { path } });
});

test("two who edit a key at once are told", async ({ dashboard, hub, admin }) => {
  const { organization: org, project } = hub.demo;
  const place = { org, project, environment: "development" };
  const made = await admin.api.POST(`${ENVIRONMENT}/keys`, {
    params: { path: place },
    body: { kind: "client", name: "shared" },
  });
  const path = { ...place, key: made.data?.id ?? "" };
  await dashboard.route("**/events", (route) => route.abort());
  await dashboard.goto(at(hub, "environments/development"));
  await dashboard.getByRole("button", { name: "More actions for shared" }).click();
  await dashboard.getByRole("menuitem", { name: "Edit name and origins" }).click();
  const dialog = dashboard.getByRole("dialog", { name: "Edit shared" });
  await dialog.getByLabel("Allowed origins").fill("https://mine.example.com");
  await admin.api.PATCH(`${ENVIRONMENT}/keys/{key}`, {
    params: { path },
    body: { origins: ["https://theirs.example.com"] },
  });
  await dialog.getByRole("button", { name: "Save" }).click();
  await conflict(dashboard).getByRole("button", { name: "Take theirs" }).click();
  await expect(dialog.getByLabel("Allowed origins")).toHaveValue("https://theirs.example.com");
  await dialog.getByLabel("Allowed origins").fill("https://theirs.example.com\nhttps://mine.example.com");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  const { data } = await admin.api.GET(`${ENVIRONMENT}/keys`, { params: { path: place } });
  expect(data?.items.find((key) => key.id === path.key)?.origins).toEqual([
    "https://theirs.example.com",
    "https://mine.example.com",
  ]);
});

test("two who edit a project's settings at once are told", async ({ dashboard, hub, admin }) => {
  const { organization: org } = hub.demo;
  const project = `both-${process.pid}`;
  await admin.api.POST("/api/v1/organizations/{org}/projects", {
    params: { path: { org } },
    body: { key: project, name: "Both" },
  });
  const path = { org, project };
  await dashboard.goto(`/o/${org}/p/${project}/settings`);
  await expect(dashboard.getByText("Live", { exact: true })).toBeVisible();
  await dashboard.getByLabel("Name").fill("Mine");
  await admin.api.PATCH(PROJECT, { params: { path }, body: { name: "Theirs", description: "Theirs" } });
  await conflict(dashboard).getByRole("button", { name: "Reapply mine" }).click();
  await expect(dashboard.getByLabel("Description")).toHaveValue("Theirs");
  await dashboard.getByRole("button", { name: "Save" }).click();
  await expect(dashboard.getByText("Project saved")).toBeVisible();
  const { data } = await admin.api.GET(PROJECT, { params: { path } });
  expect(data).toMatchObject({ name: "Mine", description: "Theirs" });
  await admin.api.DELETE(PROJECT, { params: { path } });
});

test("what is typed while a save is under way is kept", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("slow");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  const unsaved = dashboard.getByRole("region", { name: "Unsaved changes" });
  await dashboard.getByLabel("Everyone else gets").selectOption({ label: "off" });
  const letGo = await holdBack(dashboard, "PUT", "**/environments/development");
  await unsaved.getByRole("button", { name: "Save" }).click();
  await dashboard.getByLabel("Variation when off").selectOption({ label: "on" });
  letGo();
  await expect(dashboard.getByText("Saved", { exact: true })).toBeVisible();
  await expect(unsaved).toContainText("1 unsaved change");
  await expect(dashboard.getByLabel("Variation when off")).toHaveValue("on");
  await unsaved.getByRole("button", { name: "Save" }).click();
  await expect(unsaved).toHaveCount(0);
});

test("what is typed of a segment while a save is under way is kept", async ({ dashboard, hub, admin }) => {
  const { organization: org, project } = hub.demo;
  const segment = `slow-${process.pid}`;
  await admin.api.POST(`${PROJECT}/segments`, { params: { path: { org, project } }, body: { key: segment } });
  await dashboard.goto(at(hub, `segments/${segment}`));
  await dashboard.getByLabel("Name").fill("First");
  const letGo = await holdBack(dashboard, "PATCH", `**/segments/${segment}`);
  await dashboard.getByRole("button", { name: "Save segment" }).click();
  await dashboard.getByLabel("Description").fill("Second");
  letGo();
  await expect(dashboard.getByText("Segment saved")).toBeVisible();
  await expect(dashboard.getByLabel("Description")).toHaveValue("Second");
  await dashboard.getByRole("button", { name: "Save segment" }).click();
  await expect
    .poll(async () => {
      const path = { org, project, segment };
      const { data } = await admin.api.GET(`${PROJECT}/segments/{segment}`, { params: { path } });
      return [data?.name, data?.description];
    })
    .toEqual(["First", "Second"]);
});

test("two who rename the organization at once are told", async ({ page }) => {
  test.slow();
  const hub = await startHub({ demo: true });
  if (!hub.demo) throw new Error("the hub made no demo");
  const { organization: org, email, password } = hub.demo;
  const admin = await signInElsewhere(hub, email, password);
  const rename = (name: string) =>
    admin.api.PATCH("/api/v1/organizations/{org}", { params: { path: { org } }, body: { name } });
  await page.context().addCookies([asBrowserCookie(hub, admin.cookie)]);
  await page.route("**/events", (route) => route.abort());
  await page.goto(`${hub.dashboard}/o/${org}/general`);
  const save = page.getByRole("button", { name: "Save" });
  await page.getByLabel("Name").fill("Mine");
  await rename("Theirs");
  await save.click();
  await conflict(page).getByRole("button", { name: "Reapply mine" }).click();
  await save.click();
  await expect(page.getByText("Organization saved")).toBeVisible();
  await expect(page.getByRole("button", { name: "Organization: Mine" })).toBeVisible();
  await hub.stop();
});
