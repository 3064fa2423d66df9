import { expect } from "@playwright/test";
import { asBrowserCookie, signInElsewhere } from "./admin";
import { at, test } from "./fixtures";
import { startHub } from "./hub";

const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";

test("what another admin changes shows without a reload, and lights up", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("live");
  const { organization: org, project } = hub.demo;
  await dashboard.goto(at(hub, `flags?q=${flag}`));
  const toggle = dashboard.getByRole("switch", { name: `${flag} in Staging` });
  await expect(toggle).not.toBeChecked();
  await expect(dashboard.getByText("Live", { exact: true })).toBeVisible();

  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag, environment: "staging" } },
    body: { enabled: true },
  });
  await expect(toggle).toBeChecked();
  await expect(dashboard.getByRole("row").filter({ has: toggle })).toHaveAttribute("data-flashing", "true");
});

test("somebody else's save is shown beside mine, and neither is lost", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("both");
  const { organization: org, project } = hub.demo;
  const path = { org, project, flag, environment: "development" };
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByLabel("Everyone else gets").selectOption({ label: "off" });
  await expect(dashboard.getByText("1 unsaved change")).toBeVisible();

  await admin.api.PATCH(TARGETING, {
    params: { path },
    body: { rules: [{ id: "theirs", when: { all: [] }, serve: { variation: "on" } }] },
  });
  const banner = dashboard.getByRole("alert").filter({ hasText: "Someone else changed this" });
  await expect(banner).toBeVisible();
  await banner.getByRole("button", { name: "See what changed" }).click();
  await expect(dashboard.getByText("Added rule 1 (theirs)")).toBeVisible();
  await expect(dashboard.getByRole("dialog").locator(":focus")).toBeVisible();
  await dashboard.keyboard.press("Escape");
  await banner.getByRole("button", { name: "Reapply mine" }).click();
  await dashboard
    .getByRole("region", { name: "Unsaved changes" })
    .getByRole("button", { name: "Save" })
    .click();
  await expect(dashboard.getByText("Saved", { exact: true })).toBeVisible();

  const { data } = await admin.api.GET(TARGETING, { params: { path } });
  expect(data?.rules.map((rule) => rule.id)).toEqual(["theirs"]);
  expect(data?.fallthrough).toEqual({ variation: "off" });
});

test("two who edit a segment at once both keep their keys", async ({ dashboard, hub, admin }) => {
  const { organization: org, project } = hub.demo;
  const segment = `both-${process.pid}`;
  const path = { org, project, segment };
  const projects = "/api/v1/organizations/{org}/projects/{project}/segments";
  await admin.api.POST(projects, {
    params: { path: { org, project } },
    body: { key: segment, included: ["a"] },
  });
  await dashboard.goto(at(hub, `segments/${segment}`));
  const included = dashboard.getByLabel("Included keys", { exact: true });
  await included.fill("mine");
  await included.press("Enter");
  await admin.api.PATCH(`${projects}/{segment}`, { params: { path }, body: { included: ["a", "theirs"] } });
  const note = dashboard.getByRole("alert").filter({ hasText: "Someone else changed this" });
  await note.getByRole("button", { name: "Reapply mine" }).click();
  await dashboard.getByRole("button", { name: "Save segment" }).click();
  await dashboard.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByText("Segment saved")).toBeVisible();
  const { data } = await admin.api.GET(`${projects}/{segment}`, { params: { path } });
  expect(data?.included).toEqual(["a", "theirs", "mine"]);
});

test("a lost hub is told, and what happened meanwhile is caught up with", async ({ page }) => {
  test.slow();
  const hub = await startHub({ demo: true });
  if (!hub.demo) throw new Error("the hub made no demo");
  const { organization: org, project, email, password } = hub.demo;
  const admin = await signInElsewhere(hub, email, password);
  await page.context().addCookies([asBrowserCookie(hub, admin.cookie)]);
  await page.goto(`${hub.dashboard}/o/${org}/p/${project}/flags`);
  const toggle = page.getByRole("switch", { name: "New checkout in Production" });
  await expect(toggle).not.toBeChecked();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  await hub.end();
  await expect(page.getByText("Reconnecting…")).toBeVisible();
  await toggle.click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByText("Couldn’t turn new-checkout on in production")).toBeVisible();
  await expect(page.getByText(/The hub can’t be reached/)).toBeVisible();
  await expect(toggle).not.toBeChecked();

  await hub.start();
  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag: "new-checkout", environment: "production" } },
    body: { enabled: true },
  });
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(toggle).toBeChecked();
  await hub.stop();
});

test("what changed between the first look and the first stream is caught up with", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("between");
  const { organization: org, project } = hub.demo;
  let letGo = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  await dashboard.route("**/events", async (route) => {
    await held;
    await route.continue();
  });
  await dashboard.goto(at(hub, `flags?q=${flag}`));
  const toggle = dashboard.getByRole("switch", { name: `${flag} in Staging` });
  await expect(toggle).not.toBeChecked();
  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag, environment: "staging" } },
    body: { enabled: true },
  });
  letGo();
  await expect(toggle).toBeChecked();
});
