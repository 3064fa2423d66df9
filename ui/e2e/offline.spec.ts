import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

test("a change made offline fails at once, and is not sent later by itself", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("offline");
  await dashboard.goto(at(hub, `flags?q=${flag}`));
  const toggle = dashboard.getByRole("switch", { name: `${flag} in Development` });
  await expect(dashboard.getByText("Live", { exact: true })).toBeVisible();

  await dashboard.context().setOffline(true);
  await expect(dashboard.getByText("Offline", { exact: true })).toBeVisible();
  await toggle.click();
  await expect(dashboard.getByText(`Couldn’t turn ${flag} on in development`)).toBeVisible();
  await expect(dashboard.getByText(/You are offline\. Nothing was changed/)).toBeVisible();
  await expect(toggle).not.toBeChecked();

  let changes = 0;
  dashboard.on("request", (request) => {
    if (request.method() === "PATCH") changes += 1;
  });
  await dashboard.context().setOffline(false);
  await expect(dashboard.getByText("Live", { exact: true })).toBeVisible();
  await expect(toggle).not.toBeChecked();
  expect(changes).toBe(0);
});

test("a page whose code cannot be loaded says so, keeps what was typed, and loads when asked again", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("chunk");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByLabel("Everyone else gets").selectOption({ label: "off" });
  await expect(dashboard.getByText("1 unsaved change")).toBeVisible();

  const code = /assets\/segments-page-.*\.js/;
  await dashboard.route(code, (route) => route.abort());
  await dashboard.getByRole("link", { name: /^Segments/ }).click();
  await expect(dashboard.getByRole("heading", { name: "Couldn’t load this page" })).toBeVisible();
  await dashboard.unroute(code);
  await dashboard.getByRole("button", { name: "Try again" }).click();
  await expect(dashboard.getByRole("heading", { name: "Segments", level: 1 })).toBeVisible();
  await dashboard.goBack();
  await expect(dashboard.getByText("1 unsaved change")).toBeVisible();
});
