import { createClient } from "@peekaboo/sdk";
import { expect, test } from "@playwright/test";
import { WebSocket } from "ws";
import { startHub } from "./hub";
import { RawClient } from "./raw-client";

test("from the setup code to a change in every connected application", async ({ page }) => {
  test.slow();
  const hub = await startHub({ demo: false });
  await page.goto(hub.dashboard);
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel("Setup code").fill(hub.setupCode ?? "");
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByLabel("Organization").fill("Analytical Engines");
  await page.getByRole("button", { name: "Create organization" }).click();

  await page.getByRole("button", { name: "Create project" }).first().click();
  await page.getByLabel("Name").fill("Shop");
  await expect(page.getByLabel("Key")).toHaveValue("shop");
  await page.getByRole("dialog").getByRole("button", { name: "Create project" }).click();
  await expect(page.getByText("You won’t be able to see them again")).toBeVisible();
  await page.getByRole("button", { name: "I’ve saved the keys" }).click();

  await page.getByRole("button", { name: "Create flag" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("New search");
  await page.getByLabel("Available to browsers and mobile apps").check();
  await page.getByRole("dialog").getByRole("button", { name: "Create flag" }).click();
  await expect(page.getByRole("heading", { name: "New search", level: 1 })).toBeVisible();

  const key = await clientKey(page, hub.dashboard);
  const node = createClient({
    key,
    url: hub.stream,
    context: { targetingKey: "user-1", country: "SE" },
    WebSocket: WebSocket as never,
  });
  const swede = new RawClient(hub.stream, key, { targetingKey: "user-1", country: "SE" });
  const others = Array.from(
    { length: 24 },
    (_, index) => new RawClient(hub.stream, key, { targetingKey: `u${index}` }),
  );
  expect(await node.ready(10_000)).toBe(true);
  await expect.poll(() => [swede, ...others].every((client) => client.welcomed)).toBe(true);
  expect(node.bool("new-search", true)).toBe(false);

  await page.goto(`${hub.dashboard}/o/analytical-engines/p/shop/flags/new-search?env=development`);
  await page.getByRole("button", { name: "Add rule" }).click();
  const rule = page.getByRole("group", { name: "Rule 1" });
  await rule.getByLabel("Attribute", { exact: true }).fill("country");
  await rule.getByLabel("Values", { exact: true }).fill("SE");
  await rule.getByLabel("Values", { exact: true }).press("Enter");
  await rule.getByLabel("Rule 1 serves").selectOption({ label: "on" });
  await page.getByLabel("Everyone else gets").selectOption({ label: "Percentage split…" });
  await page.getByLabel("Share of on").fill("25");
  await expect(page.getByLabel("Share of off")).toHaveValue("75");
  await page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect(node.bool("new-search", true)).toBe(false);

  await page.getByRole("switch", { name: "New search in Development" }).click();
  await expect.poll(() => node.bool("new-search", false)).toBe(true);
  expect(node.detail("new-search", false)).toMatchObject({ variation: "on", reason: "TARGETING_MATCH" });
  await expect.poll(() => swede.value("new-search")).toBe(true);
  await expect.poll(() => others.every((client) => client.reason("new-search") === "SPLIT")).toBe(true);
  const among = others.filter((client) => client.value("new-search") === true);
  expect(among.length).toBeGreaterThan(0);
  expect(among.length).toBeLessThan(16);

  node.close();
  for (const client of [swede, ...others]) client.close();
  await hub.stop();
});

async function clientKey(page: import("@playwright/test").Page, dashboard: string): Promise<string> {
  await page.goto(`${dashboard}/o/analytical-engines/p/shop/environments/development`);
  const key = await page.getByRole("table", { name: "Client keys" }).getByText(/^pbc_/).textContent();
  return key ?? "";
}
