import { expect } from "@playwright/test";
import axe from "axe-core";
import { at, test } from "./fixtures";
import { startHub } from "./hub";
import { DIALOGS, ORGANIZATION_PAGES, openDialog, PROJECT_PAGES, resolvedAt, settled } from "./pages";

async function violations(page: import("@playwright/test").Page) {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }),
  );
  return result.violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(
      (node) => `${impact} ${id}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]?.trim()}`,
    ),
  );
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: "reduce" } as never);

    test("every page of a project passes axe", async ({ dashboard, hub, admin }) => {
      test.slow();
      const { organization: org, project } = hub.demo;
      const segment = `axe-${colorScheme}`;
      await admin.api.POST("/api/v1/organizations/{org}/projects/{project}/segments", {
        params: { path: { org, project } },
        body: {
          key: segment,
          included: ["user-1"],
          when: { attribute: "country", op: "in", values: ["SE"] },
        },
      });
      for (const [name, path] of [...PROJECT_PAGES, ["a segment", `segments/${segment}`] as const]) {
        await dashboard.goto(at(hub, path));
        await settled(dashboard);
        expect(await violations(dashboard), name).toEqual([]);
      }
    });

    test("every page of an organization passes axe", async ({ dashboard, hub }) => {
      for (const [name, path] of ORGANIZATION_PAGES) {
        await dashboard.goto(`/o/${hub.demo.organization}${path}`);
        await settled(dashboard);
        expect(await violations(dashboard), name).toEqual([]);
      }
      await dashboard.goto("/organizations");
      await expect(dashboard.getByRole("heading", { name: "Organizations" })).toBeVisible();
      expect(await violations(dashboard), "organizations").toEqual([]);
    });

    for (const width of [1280, 390]) {
      test(`every dialog passes axe and fits at ${width} px`, async ({ dashboard, hub }) => {
        test.slow();
        await dashboard.setViewportSize({ width, height: 844 });
        for (const [name, path, presses] of DIALOGS) {
          await dashboard.goto(resolvedAt(hub, path));
          await settled(dashboard);
          await openDialog(dashboard, presses);
          expect(await violations(dashboard), name).toEqual([]);
          const over = await dashboard.evaluate(() => {
            const dialog = document.querySelector('[role="dialog"]');
            return dialog
              ? Math.max(dialog.scrollWidth - dialog.clientWidth, dialog.clientWidth - innerWidth)
              : 1;
          });
          expect(over, `${name} is too wide`).toBeLessThanOrEqual(0);
        }
      });
    }

    test("the palette, an open rule and its review pass axe", async ({ dashboard, hub, newFlag }) => {
      test.slow();
      const flag = await newFlag("axe");
      await dashboard.goto(at(hub, "flags"));
      await dashboard.getByRole("button", { name: "Create flag" }).click();
      await expect(dashboard.getByRole("dialog")).toBeVisible();
      expect(await violations(dashboard), "creating a flag").toEqual([]);
      await dashboard.keyboard.press("Escape");
      await dashboard.keyboard.press("Control+k");
      await expect(dashboard.getByRole("option").first()).toBeVisible();
      expect(await violations(dashboard), "the palette").toEqual([]);
      await dashboard.keyboard.press("Escape");

      await dashboard.goto(at(hub, `flags/${flag}?env=production`));
      await dashboard.getByRole("button", { name: "Add rule" }).click();
      await dashboard.getByRole("button", { name: "Other…" }).click();
      await dashboard.getByRole("menuitem", { name: /Percentage/ }).click();
      await dashboard.getByLabel("Rule 1 serves").selectOption({ label: "Percentage split…" });
      await dashboard.getByLabel("Attribute", { exact: true }).fill("country");
      await dashboard.getByLabel("Values", { exact: true }).fill("SE");
      await dashboard.getByLabel("Values", { exact: true }).press("Enter");
      expect(await violations(dashboard), "an open rule").toEqual([]);
      await dashboard.getByRole("button", { name: "Review" }).click();
      await expect(dashboard.getByRole("dialog")).toBeVisible();
      expect(await violations(dashboard), "a review").toEqual([]);
    });

    test("setup passes axe, with its refusals", async ({ page }) => {
      const hub = await startHub({ demo: false });
      await page.goto(`${hub.dashboard}/setup`);
      await expect(page.getByLabel("Setup code")).toBeVisible();
      expect(await violations(page), "setup").toEqual([]);
      await page.getByLabel("Setup code").fill("AAAA-AAAA-AAAA-AAAA");
      await page.getByLabel("Your name").fill("Ada Lovelace");
      await page.getByLabel("Email").fill("ada@example.com");
      await page.getByLabel("Password").fill("correct horse battery");
      await page.getByLabel("Organization").fill("Analytical Engines");
      await page.getByRole("button", { name: "Create organization" }).click();
      await expect(page.getByLabel("Setup code")).toHaveAttribute("aria-invalid", "true");
      expect(await violations(page), "a refused setup").toEqual([]);
      await hub.stop();
    });

    test("a phone's pages pass axe and fit its width", async ({ dashboard, hub }) => {
      test.slow();
      await dashboard.setViewportSize({ width: 390, height: 844 });
      const pages = PROJECT_PAGES.map(([name, path]): [string, string] => [name, at(hub, path)]);
      for (const [name, path] of ORGANIZATION_PAGES) {
        pages.push([name, `/o/${hub.demo.organization}${path}`]);
      }
      for (const [name, path] of pages) {
        await dashboard.goto(path);
        await settled(dashboard);
        expect(await violations(dashboard), name).toEqual([]);
        const over = await dashboard.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(over, `${name} is too wide`).toBeLessThanOrEqual(0);
      }
      await dashboard.getByRole("button", { name: "Open the menu" }).click();
      await expect(dashboard.getByRole("dialog", { name: "Menu" })).toBeVisible();
      expect(await violations(dashboard), "the menu").toEqual([]);
    });

    test("the sign-in page passes axe", async ({ page }) => {
      await page.goto("/sign-in");
      await expect(page.getByLabel("Password")).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}
