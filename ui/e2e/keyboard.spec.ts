import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

/** Opens the palette, once the page listens to keys, and types into it. */
async function search(page: Page, text: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByPlaceholder("Search or type a command…")).toBeFocused();
  await page.keyboard.type(text);
}

test("a flag is made with the keyboard alone", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "flags"));
  await expect(dashboard.getByRole("link", { name: "New checkout" })).toBeVisible();
  await dashboard.keyboard.press("c");
  await expect(dashboard.getByLabel("Name", { exact: true })).toBeFocused();
  await dashboard.keyboard.type("Made by keyboard");
  await dashboard.keyboard.press("Enter");
  await expect(dashboard.getByRole("heading", { name: "Made by keyboard", level: 1 })).toBeVisible();

  await search(dashboard, "made-by");
  await expect(dashboard.getByRole("option", { name: /made-by-keyboard/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await dashboard.keyboard.press("Enter");
  await expect(dashboard).toHaveURL(/flags\/made-by-keyboard/);
});

test("rules are reordered with the arrow keys", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("order");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  for (const value of ["SE", "NO"]) {
    await dashboard.getByRole("button", { name: "Add rule" }).click();
    const rule = dashboard.getByRole("group", { name: value === "SE" ? "Rule 1" : "Rule 2" });
    await rule.getByLabel("Attribute", { exact: true }).fill("country");
    await rule.getByLabel("Values", { exact: true }).fill(value);
    await rule.getByLabel("Values", { exact: true }).press("Enter");
  }
  await dashboard.getByRole("button", { name: "Move rule 2" }).focus();
  await dashboard.keyboard.press("ArrowUp");
  await expect(
    dashboard.getByRole("group", { name: "Rule 1" }).getByRole("button", { name: "Remove NO" }),
  ).toBeVisible();
  await expect(dashboard.getByRole("button", { name: "Move rule 1" })).toBeFocused();
});

test("a menu's item that cannot be chosen can be come by, and says why", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("menu");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });
  await rule.getByRole("button", { name: /^More/ }).first().press("Enter");
  const up = dashboard.getByRole("menuitem", { name: /This is the first rule/ });
  await expect(up).toHaveAttribute("aria-disabled", "true");
  for (let presses = 0; presses < 10; presses++) {
    if (await up.evaluate((item) => item === document.activeElement)) break;
    await dashboard.keyboard.press("ArrowDown");
  }
  await expect(up).toBeFocused();
  await dashboard.keyboard.press("Enter");
  await expect(up).toBeVisible();
});

test("focus goes to a page's heading, and from a dialog back to what opened it", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("focus");
  await dashboard.goto(at(hub, `flags?q=${flag}`));
  await dashboard.getByRole("link", { name: flag }).press("Enter");
  await expect(dashboard.getByRole("heading", { name: flag, level: 1 })).toBeFocused();

  const more = dashboard.getByRole("button", { name: "More actions for this flag" });
  await more.press("Enter");
  await dashboard.getByRole("menuitem", { name: /^Edit/ }).press("Enter");
  await expect(dashboard.getByRole("dialog").locator(":focus")).toBeVisible();
  await dashboard.keyboard.press("Escape");
  await expect(more).toBeFocused();
});

test("the palette offers what can be done on the page", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("commands");
  await dashboard.goto(at(hub, `flags/${flag}`));
  await search(dashboard, "edit");
  await expect(dashboard.getByRole("option", { name: `Edit ${flag}` })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await dashboard.keyboard.press("Enter");
  await expect(dashboard.getByRole("dialog", { name: "Edit flag" })).toBeVisible();
});

test("the palette creates from anywhere, and finds the theme and the way out", async ({ dashboard, hub }) => {
  await dashboard.goto(`/o/${hub.demo.organization}/members`);
  const chosen = dashboard.getByRole("option", { selected: true });
  for (const [typed, expected] of [
    ["sign out", "Sign out"],
    ["log out", "Sign out"],
    ["dark", "Use the dark theme"],
    ["new segment", "Create segment"],
    ["project settings", "Project settings"],
    ["create fl", "Create flag"],
  ] as const) {
    await search(dashboard, typed);
    await expect(chosen, typed).toHaveText(expected);
    if (expected !== "Create flag") await dashboard.keyboard.press("Escape");
  }
  await dashboard.keyboard.press("Enter");
  const dialog = dashboard.getByRole("dialog", { name: "Create a flag" });
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(dashboard).toHaveURL(/\/flags$/);
});

test("the first flag is a few keys away", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "flags"));
  const first = dashboard.getByRole("table", { name: "Flags" }).getByRole("link").first();
  await expect(first).toBeVisible();
  await dashboard.keyboard.press("Tab");
  await dashboard.keyboard.press("Tab");
  await expect(dashboard.getByRole("link", { name: "Skip to the list" })).toBeFocused();
  await dashboard.keyboard.press("Enter");
  await dashboard.keyboard.press("Tab");
  await expect(first).toBeFocused();

  await dashboard.keyboard.press("/");
  await expect(dashboard.getByLabel("Search flags")).toBeFocused();
  await dashboard.keyboard.press("ArrowDown");
  await expect(first).toBeFocused();
});

test("a page without a list has no way to one", async ({ dashboard, hub }) => {
  await dashboard.goto(`/o/${hub.demo.organization}/general`);
  await expect(dashboard.getByRole("heading", { name: "General", level: 1 })).toBeVisible();
  await dashboard.keyboard.press("Tab");
  await expect(dashboard.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await dashboard.keyboard.press("Tab");
  await expect(dashboard.getByRole("link", { name: "Skip to the list" })).toBeHidden();
});
