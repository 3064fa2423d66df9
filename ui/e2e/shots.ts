// Writes a picture of every page and dialog to ui/shots, in light, in dark and as a phone shows it, so that a change of
// looks can be reviewed side by side. Called by `make shots`; it checks nothing.

import { join, resolve } from "node:path";
import { at, test } from "./fixtures";
import { DIALOGS, ORGANIZATION_PAGES, openDialog, PROJECT_PAGES, resolvedAt, settled } from "./pages";

const FOLDER = resolve(import.meta.dirname, "../shots");
const MODES = [
  { name: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

const fileOf = (name: string) => name.replace(/[^a-z0-9]+/gi, "-").toLowerCase();

for (const { name: mode, ...look } of MODES) {
  test.describe(mode, () => {
    test.use({ ...look, reducedMotion: "reduce" } as never);

    test(`pages in ${mode}`, async ({ dashboard, hub }) => {
      test.setTimeout(300_000);
      const pages = [
        ...PROJECT_PAGES.map(([name, path]) => [name, at(hub, path)] as const),
        ...ORGANIZATION_PAGES.map(([name, path]) => [name, `/o/${hub.demo.organization}${path}`] as const),
        ["organizations", "/organizations"] as const,
      ];
      for (const [name, path] of pages) {
        await dashboard.goto(path);
        await settled(dashboard);
        // Parts that are loaded when they are first shown.
        await dashboard.waitForLoadState("networkidle");
        await dashboard.screenshot({ path: join(FOLDER, mode, `${fileOf(name)}.png`) });
      }
    });

    test(`dialogs in ${mode}`, async ({ dashboard, hub }) => {
      test.setTimeout(300_000);
      for (const [name, path, presses] of DIALOGS) {
        await dashboard.goto(resolvedAt(hub, path));
        await settled(dashboard);
        await openDialog(dashboard, presses);
        await dashboard.screenshot({ path: join(FOLDER, mode, `dialog-${fileOf(name)}.png`) });
      }
      await dashboard.goto(at(hub, "flags"));
      await settled(dashboard);
      await dashboard.keyboard.press("Control+k");
      await dashboard.getByRole("option").first().waitFor();
      await dashboard.screenshot({ path: join(FOLDER, mode, "palette.png") });
    });
  });
}
