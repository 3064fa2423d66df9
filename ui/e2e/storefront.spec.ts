import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";

declare global {
  interface Window {
    moments: { clicked?: number; changed?: number };
  }
}

test("a toggle changes a shop before one's eyes", async ({ page, hub, admin }, info) => {
  const { organization: org, project, environment } = hub.demo;
  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag: "new-checkout", environment } },
    body: { enabled: false, targets: [], rules: [], fallthrough: { variation: "on" } },
  });
  await page.goto(at(hub, "flags"));
  await page.getByLabel("Email").fill(hub.demo.email);
  await page.getByLabel("Password").fill(hub.demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  const toggle = page.getByRole("switch", { name: "New checkout in Production" });
  await expect(toggle).not.toBeChecked();

  const shop = await page.context().newPage();
  await shop.goto("/storefront/");
  await expect(shop.getByRole("status").first()).toHaveAttribute("data-status", "live");
  await expect(shop.getByRole("button", { name: "Buy now" })).toBeVisible();
  await shop.evaluate(() => {
    window.moments = {};
    const button = document.getElementById("checkout");
    if (!button) throw new Error("the shop has no checkout");
    new MutationObserver(() => {
      window.moments.changed ??= Date.now();
    }).observe(button, { childList: true, characterData: true, subtree: true });
  });

  await page.bringToFront();
  await toggle.click();
  const confirm = page.getByRole("button", { name: "Turn on" });
  await expect(confirm).toBeVisible();
  await page.evaluate(() => {
    window.moments = {};
    const note = () => {
      window.moments.clicked ??= Date.now();
    };
    addEventListener("click", note, { capture: true, once: true });
  });
  await confirm.click();
  await expect(toggle).toBeChecked();
  await expect(shop.getByRole("button", { name: "Express checkout" })).toBeVisible();

  const { clicked = 0 } = await page.evaluate(() => window.moments);
  const { changed = 0 } = await shop.evaluate(() => window.moments);
  const took = changed - clicked;
  info.annotations.push({ type: "click to change", description: `${took} ms` });
  console.warn(`from the click in the dashboard to the change in the shop: ${took} ms`);
  expect(took).toBeGreaterThan(0);
});
