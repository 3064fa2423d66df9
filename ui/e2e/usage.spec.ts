// What applications did with a flag, as the dashboard tells it.
import { expect } from "@playwright/test";
import { at, test } from "./fixtures";
import type { Hub } from "./hub";

type Demo = Hub & { demo: NonNullable<Hub["demo"]> };

/** Reports as an application would that holds no stream. */
async function report(hub: Demo, batch: object): Promise<void> {
  const answer = await fetch(`${hub.sdk}/sdk/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${hub.demo.clientKey}`, "content-type": "application/json" },
    body: JSON.stringify({ id: crypto.randomUUID(), ...batch }),
  });
  expect(answer.status).toBe(202);
}

test("a flag's usage shows as applications tell of it", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("used");
  await dashboard.goto(at(hub, `flags/${flag}?env=production&tab=usage`));
  await expect(dashboard.getByText("No evaluations in the last 7 days")).toBeVisible();
  await expect(dashboard.getByText("Never evaluated")).toBeVisible();

  await report(hub, {
    counts: [
      [flag, 1, "on", "TARGETING_MATCH", 30],
      [flag, 1, "off", "DEFAULT", 70],
    ],
  });
  const chart = dashboard.getByRole("slider", { name: "Evaluations in Production, by variation" });
  // Without a reload.
  await expect(chart).toBeVisible({ timeout: 30_000 });
  await expect(dashboard.getByRole("paragraph").filter({ hasText: /^100$/ })).toBeVisible();
  await expect(dashboard.getByRole("region", { name: "Variations" }).getByText("30 · 30%")).toBeVisible();
  await expect(dashboard.getByText(/^Last evaluated/)).toBeVisible();

  await dashboard.getByRole("combobox", { name: "Time range" }).selectOption("24h");
  await dashboard.getByRole("combobox", { name: "Group by" }).selectOption("reason");
  await expect(dashboard).toHaveURL(/range=24h/);
  await expect(dashboard.getByRole("slider", { name: "Evaluations in Production, by reason" })).toBeVisible();
  await expect(dashboard.getByRole("list", { name: "Legend" })).toContainText("No rule matched");
});

test("the chart is read with the arrow keys, and as a table", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("read");
  await report(hub, { counts: [[flag, 1, "on", "STATIC", 7]] });
  await dashboard.goto(at(hub, `flags/${flag}?env=production&tab=usage&range=24h`));
  const chart = dashboard.getByRole("slider", { name: /^Evaluations/ });
  await expect(chart).toHaveAttribute("aria-valuetext", /7 evaluations \(all on\)$/);
  await chart.focus();
  await dashboard.keyboard.press("ArrowLeft");
  await expect(chart).toHaveAttribute("aria-valuetext", /no evaluations$/);
  await dashboard.keyboard.press("End");
  await expect(chart).toHaveAttribute("aria-valuetext", /7 evaluations/);
  await dashboard.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-valuenow", "0");

  await dashboard.getByRole("button", { name: "Show as table" }).click();
  const table = dashboard
    .getByRole("region", { name: /^Evaluations/ })
    .last()
    .getByRole("table");
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(table.getByRole("row").nth(1)).toContainText("7");
});

test("the impact of a tracked flag is told by variation", async ({ dashboard, hub, admin, newFlag }) => {
  const flag = await newFlag("impact");
  const { organization: org, project } = hub.demo;
  await dashboard.goto(at(hub, `flags/${flag}?env=production&tab=usage`));
  await expect(dashboard.getByText("This flag does not record exposures")).toBeVisible();
  await admin.api.PATCH("/api/v1/organizations/{org}/projects/{project}/flags/{flag}", {
    params: { path: { org, project, flag } },
    body: { track: true },
  });
  const event = `bought-${flag}`;
  const exposure = (variation: string, targetingKey: string) => ({
    flag,
    flagVersion: 2,
    variation,
    targetingKey,
    ageMillis: 60_000,
  });
  await report(hub, {
    exposures: [exposure("on", "ada"), exposure("on", "bob"), exposure("off", "cid")],
    events: [{ event, value: 12.5, targetingKey: "ada", ageMillis: 0 }],
  });
  await dashboard.goto(at(hub, `flags/${flag}?env=production&tab=usage&event=${event}`));
  const on = dashboard.getByRole("region", { name: `Impact on ${event}` }).getByRole("row", { name: /^on/ });
  await expect(on).toContainText("50%");
  await expect(on).toContainText("12.5");
});

test("a flag that nothing evaluates any more is marked in the list", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "flags?q=refunds"));
  const row = dashboard.getByRole("row", { name: /instant-refunds/ });
  await expect(row.getByText(/^unused for \d+ days$/)).toBeVisible();
  await dashboard.goto(at(hub, "flags?q=payments-v2"));
  await expect(dashboard.getByRole("row", { name: /payments-v2/ })).toBeVisible();
  await expect(dashboard.getByText(/^unused for/)).toHaveCount(0);
});
