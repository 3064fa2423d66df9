import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

/** The content of a JSON editor, line by line. */
const lines = (page: Page, name: string) =>
  page.getByRole("textbox", { name }).locator(".cm-line").allTextContents();

async function newObjectFlag(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Create flag" }).click();
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: /^Object/ }).click();
  await expect(page.locator(".cm-editor")).toHaveCount(2);
}

for (const width of [1280, 390]) {
  test(`JSON is checked by line, laid out, and left with Tab at ${width} px`, async ({ dashboard, hub }) => {
    await dashboard.setViewportSize({ width, height: 844 });
    await dashboard.goto(at(hub, "flags"));
    await newObjectFlag(dashboard, `JSON at ${width}`);
    const first = dashboard.getByRole("list", { name: "Variations" }).getByRole("listitem").first();
    const value = first.getByRole("textbox", { name: "Value of variation 1" });
    await value.fill('{\n  "color": "teal"\n  "size": 2\n}');
    await expect(dashboard.getByRole("alert")).toHaveText("Line 3: A comma is missing.");
    await expect(value).toHaveAttribute("aria-invalid", "true");
    await expect(dashboard.locator(".cm-lintRange-error")).toHaveCount(1);
    const format = first.getByRole("button", { name: "Format" });
    await expect(format, "what is wrong is not laid out").toHaveCount(0);

    await value.fill('{"color":"teal","size":2.50}');
    await expect(dashboard.getByRole("alert")).toHaveCount(0);
    await format.click();
    const formatted = ["{", '  "color": "teal",', '  "size": 2.50', "}"];
    expect(await lines(dashboard, "Value of variation 1")).toEqual(formatted);

    await value.focus();
    await dashboard.keyboard.press("Tab");
    await expect(value).not.toBeFocused();
    expect(await lines(dashboard, "Value of variation 1")).toEqual(formatted);
    const over = await dashboard.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over).toBeLessThanOrEqual(0);

    await dashboard.getByRole("dialog").getByRole("button", { name: "Create flag" }).click();
    await expect(dashboard.getByRole("heading", { name: `JSON at ${width}`, level: 1 })).toBeVisible();
    await dashboard.getByRole("tab", { name: "Variations" }).click();
    await expect(dashboard.getByRole("textbox", { name: "Value of variation 1" })).toContainText(
      '"size": 2.5',
    );
  });
}

test("JSON can be edited where the editor cannot be downloaded", async ({ dashboard, hub }) => {
  await dashboard.route("**/assets/code-editor-*", (route) => route.abort());
  await dashboard.goto(at(hub, "flags/new-checkout?env=development&tab=evaluate"));
  const context = dashboard.getByRole("textbox", { name: "Context" });
  await context.fill('{ "targetingKey": }');
  await expect(dashboard.getByRole("alert")).toHaveText("Line 1: A value is missing.");
  await context.fill('{ "targetingKey": "user-1" }');
  await context.press("Control+Enter");
  await expect(dashboard.getByRole("region", { name: "Result" })).toContainText("because");
});
