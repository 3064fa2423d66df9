import { expect } from "@playwright/test";
import { asBrowserCookie, signInElsewhere } from "./admin";
import { at, test } from "./fixtures";

test("a session that ends costs nothing that was typed", async ({ page, hub, newFlag }) => {
  const flag = await newFlag("session");
  const own = await signInElsewhere(hub, hub.demo.email, hub.demo.password);
  await page.context().addCookies([asBrowserCookie(hub, own.cookie)]);
  // Without the stream, nothing but the save finds out that the session has ended.
  await page.route("**/events", (route) => route.abort());
  await page.goto(at(hub, `flags/${flag}?env=development`));
  await page.getByLabel("Everyone else gets").selectOption({ label: "off" });
  await own.api.DELETE("/api/v1/session");

  const save = page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Save" });
  await save.click();
  await expect(page.getByRole("dialog", { name: "Your session has ended" })).toBeVisible();
  await page.getByLabel("Password").fill(hub.demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await save.click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
});

test("signing in leads back to where one wanted to go", async ({ page, hub }) => {
  await page.goto(at(hub, "flags/hero-theme?env=staging"));
  await expect(page).toHaveURL(/sign-in/);
  await page.getByLabel("Email").fill(hub.demo.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Password").fill(hub.demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Hero theme", level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/env=staging/);
});

test("a page that nobody touches says that the session has ended, and not that the hub is away", async ({
  page,
  hub,
}) => {
  const own = await signInElsewhere(hub, hub.demo.email, hub.demo.password);
  await page.context().addCookies([asBrowserCookie(hub, own.cookie)]);
  await page.route("**/events", (route) => route.abort());
  await page.goto(at(hub, "flags"));
  await expect(page.getByText("Reconnecting…")).toBeVisible();
  await own.api.DELETE("/api/v1/session");
  await page.unroute("**/events");
  await expect(page.getByRole("dialog", { name: "Your session has ended" })).toBeVisible();
  await page.getByLabel("Password").fill(hub.demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
});
