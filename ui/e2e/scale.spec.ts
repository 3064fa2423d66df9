import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { keyOf, makeLargeProject, nameOf } from "./large-project";

const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";
const FLAGS = 120;

/** Counts the rows whose elements change from now on. */
async function watchRows(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const touched = new Set<string>();
    const note = (records: MutationRecord[]) => {
      for (const { target } of records) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest("tr");
        if (row) touched.add(row.querySelector("a")?.textContent ?? "");
      }
    };
    const body = document.querySelector("tbody");
    if (!body) throw new Error("the page shows no table");
    new MutationObserver(note).observe(body, { subtree: true, attributes: true, childList: true });
    Object.assign(window, { touchedRows: touched });
  });
  return () => page.evaluate(() => [...(window as unknown as { touchedRows: Set<string> }).touchedRows]);
}

test("a toggle among many flags and environments asks once, and renders one row", async ({
  dashboard,
  hub,
  admin,
}) => {
  test.slow();
  const { organization: org } = hub.demo;
  const project = `scale-${process.pid}`;
  await makeLargeProject(admin, org, project, FLAGS);
  await dashboard.goto(`/o/${org}/p/${project}/flags`);
  const table = dashboard.getByRole("table", { name: "Flags" });
  const toggle = table.getByRole("switch", { name: `${nameOf(3)} in Development` });
  await expect(dashboard.getByText("Live", { exact: true })).toBeVisible();
  await expect(toggle).toBeVisible();
  await dashboard.waitForLoadState("networkidle");

  // Of the API: code that later pages need is fetched ahead whenever the browser is idle.
  const asked: string[] = [];
  dashboard.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) asked.push(`${request.method()} ${pathname}`);
  });
  const own = await watchRows(dashboard);
  const echo = dashboard.evaluate(
    () =>
      new Promise<void>((done) => {
        // The echo arrives on the stream that is open; one of this test's own tells when.
        const stream = new EventSource(`/api/v1/organizations/${location.pathname.split("/")[2]}/events`);
        stream.onmessage = ({ data }) => {
          if (JSON.parse(data).kind !== "flags") return;
          stream.close();
          done();
        };
      }),
  );
  await expect.poll(() => asked.some((request) => request.endsWith("/events"))).toBe(true);
  asked.length = 0;
  await toggle.click();
  await expect(toggle).toBeChecked();
  await echo;
  await dashboard.waitForLoadState("networkidle");
  expect(asked).toEqual([
    `PATCH ${TARGETING.replace("{org}", org).replace("{project}", project).replace("{flag}", keyOf(3)).replace("{environment}", "development")}`,
  ]);
  expect(await own()).toEqual([nameOf(3)]);

  asked.length = 0;
  const theirs = table.getByRole("switch", { name: `${nameOf(4)} in Development` });
  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag: keyOf(4), environment: "development" } },
    body: { enabled: true },
  });
  await expect(theirs).toBeChecked();
  await dashboard.waitForLoadState("networkidle");
  expect(asked).toEqual([`GET /api/v1/organizations/${org}/projects/${project}/flags/${keyOf(4)}`]);
});

test("names can be read at every width, however many environments there are", async ({
  dashboard,
  hub,
  admin,
}) => {
  test.slow();
  const { organization: org } = hub.demo;
  const project = `wide-${process.pid}`;
  await makeLargeProject(admin, org, project, 3);
  for (const width of [1920, 1440, 1024, 390]) {
    await dashboard.setViewportSize({ width, height: 844 });
    await dashboard.goto(`/o/${org}/p/${project}/flags`);
    const table = dashboard.getByRole("table", { name: "Flags" });
    const name = table.getByRole("link", { name: nameOf(1) });
    await expect(name).toBeVisible();
    const last = table.getByRole("columnheader", { name: "asia" });
    await last.scrollIntoViewIfNeeded();
    await expect(last, `the last environment at ${width} px`).toBeInViewport();
    await expect(name, `the name at ${width} px`).toBeInViewport();
    const cut = await name.evaluate(
      (link) => link.scrollWidth > link.clientWidth && getComputedStyle(link).display !== "inline",
    );
    expect(cut, `the name is cut off at ${width} px`).toBe(false);
    const box = await name.boundingBox();
    const covering = await dashboard.evaluate(
      ([x, y]) => document.elementFromPoint(x ?? 0, y ?? 0)?.textContent,
      [(box?.x ?? 0) + (box?.width ?? 0) - 3, (box?.y ?? 0) + 4],
    );
    expect(covering, `what covers the end of the name at ${width} px`).toContain(nameOf(1));
  }
});
