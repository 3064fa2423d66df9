import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

const FLAG = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}";

test("a refused toggle goes back, and says why", async ({ dashboard, hub, admin, newFlag }) => {
  const flag = await newFlag("refused");
  const { organization: org, project } = hub.demo;
  // Without the stream of changes the page does not know yet that the flag is gone.
  await dashboard.route("**/events", (route) => route.abort());
  await dashboard.goto(at(hub, `flags?q=${flag}`));
  const toggle = dashboard.getByRole("switch", { name: `${flag} in Development` });
  await expect(toggle).not.toBeChecked();
  await admin.api.DELETE(FLAG, { params: { path: { org, project, flag } } });

  // Held back, so that the page can be seen before it has an answer.
  let letGo = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  await dashboard.route("**/environments/development", async (route) => {
    await held;
    await route.continue();
  });
  await toggle.click();
  await expect(toggle).toBeChecked();
  letGo();
  await expect(dashboard.getByText(`Couldn’t turn ${flag} on in development`)).toBeVisible();
  await expect(dashboard.getByText("Flag not found.")).toBeVisible();
  // The list has been read anew: what is gone is gone.
  await expect(toggle).toHaveCount(0);
});

test("production asks first, and says what changes", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("asks");
  await dashboard.goto(at(hub, `flags?q=${flag}`));
  const toggle = dashboard.getByRole("switch", { name: `${flag} in Production` });
  await toggle.click();
  const dialog = dashboard.getByRole("dialog");
  await expect(dialog.getByText("Everyone")).toHaveCount(2);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(toggle).not.toBeChecked();

  await toggle.click();
  await dialog.getByLabel("Comment").fill("Launch, as agreed – 10 % first");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(toggle).toBeChecked();
  await dashboard.getByRole("link", { name: flag }).click();
  await dashboard.getByRole("button", { name: /^Production/ }).click();
  await dashboard.getByRole("tab", { name: "History" }).click();
  await expect(dashboard.getByText("Launch, as agreed – 10 % first")).toBeVisible();
});

test("what is confirmed is what was asked, whatever another admin does meanwhile", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("crossed");
  const { organization: org, project } = hub.demo;
  const path = { org, project, flag, environment: "production" };
  await dashboard.goto(at(hub, `flags?q=${flag}`));
  await expect(dashboard.getByText("Live", { exact: true })).toBeVisible();
  await dashboard.getByRole("switch", { name: `${flag} in Production` }).click();
  const dialog = dashboard.getByRole("dialog", { name: `Turn ${flag} on in Production?` });
  await expect(dialog).toBeVisible();

  await admin.api.PATCH(`${FLAG}/environments/{environment}`, { params: { path }, body: { enabled: true } });
  await expect(dialog.getByText("Someone else already turned it on.")).toBeVisible();
  const confirm = dialog.getByRole("button", { name: "Turn on" });
  await expect(confirm).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel("Comment").press("Enter");
  await admin.api.PATCH(`${FLAG}/environments/{environment}`, { params: { path }, body: { enabled: false } });
  await expect(confirm).not.toHaveAttribute("aria-disabled", "true");
  await confirm.click();
  await expect(dialog).toHaveCount(0);
  // The switch moves before the hub has answered.
  const enabled = async () => {
    const { data } = await admin.api.GET(`${FLAG}/environments/{environment}`, { params: { path } });
    return data?.enabled;
  };
  await expect.poll(enabled).toBe(true);
});
