import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

const FLAG = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}";

test("archiving says that applications fall back to their code, asks first, and can be left", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("archived");
  const { organization: org, project } = hub.demo;
  await dashboard.goto(at(hub, `flags/${flag}`));
  const dialog = dashboard.getByRole("dialog");
  const archive = async () => {
    await dashboard.getByRole("button", { name: "More actions for this flag" }).click();
    await dashboard.getByRole("menuitem", { name: "Archive…" }).click();
  };
  await archive();
  await expect(dialog).toContainText("fall back to the default in their code");
  await expect(dialog).toContainText("including Production");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  const { data } = await admin.api.GET(FLAG, { params: { path: { org, project, flag } } });
  expect(data?.archivedAt).toBeNull();

  await archive();
  await dialog.getByLabel("Comment").fill("Launched long ago");
  await dialog.getByRole("button", { name: "Archive flag" }).click();
  await dashboard.getByRole("tab", { name: "History" }).click();
  await expect(dashboard.getByRole("list", { name: "History" })).toContainText("Launched long ago");
});

test("showing a flag to browsers asks first, from its head and from its form", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("shown", { clientVisible: false });
  const { organization: org, project } = hub.demo;
  await dashboard.goto(at(hub, `flags/${flag}`));
  const dialog = dashboard.getByRole("dialog");
  await dashboard.getByRole("checkbox", { name: "Client-visible" }).click();
  await expect(dialog.getByRole("listitem")).toContainText("Available to browsers");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dashboard.getByRole("checkbox", { name: "Client-visible" })).not.toBeChecked();

  await dashboard.getByRole("button", { name: "More actions for this flag" }).click();
  await dashboard.getByRole("menuitem", { name: /^Edit/ }).click();
  await dialog.getByRole("checkbox", { name: "Available to browsers" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("listitem")).toContainText("Available to browsers");
  const before = await admin.api.GET(FLAG, { params: { path: { org, project, flag } } });
  expect(before.data?.clientVisible).toBe(false);
  await dialog.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByRole("checkbox", { name: "Client-visible" })).toBeChecked();
});

test("a variation's value is changed after a look at it", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("worth");
  await dashboard.goto(at(hub, `flags/${flag}?tab=variations`));
  await dashboard.getByRole("button", { name: "Add variation" }).click();
  await dashboard.getByLabel("Key of variation 3").fill("third");
  await dashboard.getByRole("button", { name: "Save variations" }).click();
  const dialog = dashboard.getByRole("dialog");
  await expect(dialog.getByRole("listitem")).toContainText("Variation third");
  await dialog.getByLabel("Comment").fill("A third way");
  await dialog.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByText("Variations saved")).toBeVisible();
  await dashboard.getByRole("tab", { name: "History" }).click();
  await expect(dashboard.getByRole("list", { name: "History" })).toContainText("A third way");
});

test("a segment is changed after a look at what follows it", async ({ dashboard, hub, admin, newFlag }) => {
  const flag = await newFlag("follows");
  const { organization: org, project } = hub.demo;
  const segment = `reach-of-${flag}`;
  await admin.api.POST("/api/v1/organizations/{org}/projects/{project}/segments", {
    params: { path: { org, project } },
    body: { key: segment, included: ["a"] },
  });
  await admin.api.PATCH(`${FLAG}/environments/{environment}`, {
    params: { path: { org, project, flag, environment: "production" } },
    body: { rules: [{ id: "in", when: { segment }, serve: { variation: "on" } }] },
  });
  await dashboard.goto(at(hub, `segments/${segment}`));
  await dashboard.getByLabel("Included keys", { exact: true }).fill("b");
  await dashboard.getByLabel("Included keys", { exact: true }).press("Enter");
  await dashboard.getByRole("button", { name: "Save segment" }).click();
  const dialog = dashboard.getByRole("dialog");
  await expect(dialog).toContainText("Now included: b");
  await expect(dialog.getByRole("list", { name: "Used by" })).toContainText(flag);
  const read = () =>
    admin.api.GET("/api/v1/organizations/{org}/projects/{project}/segments/{segment}", {
      params: { path: { org, project, segment } },
    });
  expect((await read()).data?.included).toEqual(["a"]);
  await dialog.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByText("Segment saved")).toBeVisible();
  expect((await read()).data?.included).toEqual(["a", "b"]);
});

test("a refused save keeps the review and its comment", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("kept");
  await dashboard.goto(at(hub, `flags/${flag}?env=production`));
  await dashboard.getByLabel("Everyone else gets").selectOption({ label: "off" });
  await dashboard
    .getByRole("region", { name: "Unsaved changes" })
    .getByRole("button", { name: "Save…" })
    .click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByLabel("Comment").fill("Nobody likes it");
  await dashboard.route("**/environments/production", (route) => route.abort());
  await dialog.getByRole("button", { name: "Save to Production" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The hub can’t be reached");
  await expect(dialog.getByLabel("Comment")).toHaveValue("Nobody likes it");
  await dashboard.unroute("**/environments/production");
  await dialog.getByRole("button", { name: "Save to Production" }).click();
  await expect(dashboard.getByText("Saved", { exact: true })).toBeVisible();
});
