import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { asBrowserCookie, signInElsewhere } from "./admin";
import { at, test } from "./fixtures";
import { startHub } from "./hub";
import { ORGANIZATION_PAGES, PROJECT_PAGES, settled } from "./pages";

/** What can be pressed on a page; of a list, what its first rows have. */
const PRESSED = [
  "#content button:visible",
  "#content [role=tab]:visible",
  "#content summary:visible",
  "header button:visible",
].join(",");
const ROWS_PRESSED = 2;
const SETTLES_WITHIN_MS = 2_000;

/** Presses one thing after the other, each on the page as it was at first. What all pages have is pressed once. */
async function pressEverything(page: Page, path: string, pressedBefore: Set<string>): Promise<void> {
  const things = page.locator(PRESSED);
  const names = await things.evaluateAll(
    (elements, rows) =>
      elements.map((element) => {
        const row = element.closest("tbody tr, li");
        const place = row ? [...(row.parentElement?.children ?? [])].indexOf(row) : 0;
        const name = element.getAttribute("aria-label") ?? element.textContent;
        const everywhere = element.closest("#content") === null;
        return place < rows ? `${everywhere ? "frame" : location.pathname + location.search} ${name}` : null;
      }),
    ROWS_PRESSED,
  );
  for (const [index, name] of names.entries()) {
    if (name === null || pressedBefore.has(name)) continue;
    pressedBefore.add(name);
    // What depends on what was pressed before may be gone.
    await things
      .nth(index)
      .click({ timeout: SETTLES_WITHIN_MS })
      .catch(() => {});
    await expect(page.locator("#root")).not.toBeEmpty();
    await expect(page.getByText("Couldn’t load this page")).toHaveCount(0);
    await page.keyboard.press("Escape");
    if (page.url() === path && (await page.getByRole("dialog").count()) === 0) continue;
    await page.goto(path);
    await settled(page);
  }
}

test("nothing that can be pressed breaks a page", async ({ page }) => {
  test.setTimeout(600_000);
  const hub = await startHub({ demo: true });
  if (!hub.demo) throw new Error("the hub made no demo");
  const admin = await signInElsewhere(hub, hub.demo.email, hub.demo.password);
  await page.context().addCookies([asBrowserCookie(hub, admin.cookie)]);
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") failures.push(`${page.url()}: ${message.text()}`);
  });
  page.on("dialog", (dialog) => void dialog.accept());

  const demo = { ...hub, demo: hub.demo };
  const paths = [
    ...PROJECT_PAGES.map(([, path]) => at(demo, path)),
    ...ORGANIZATION_PAGES.map(([, path]) => `/o/${hub.demo?.organization}${path}`),
  ].map((path) => `${hub.dashboard}${path}`);
  const pressed = new Set<string>();
  for (const path of paths) {
    await page.goto(path);
    await settled(page);
    await pressEverything(page, path, pressed);
  }
  expect(failures).toEqual([]);
  expect(pressed.size).toBeGreaterThan(paths.length * 3);
  await hub.stop();
});
