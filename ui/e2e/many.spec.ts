import { expect } from "@playwright/test";
import { test } from "./fixtures";

const PROJECT = "/api/v1/organizations/{org}/projects/{project}";

test("what there is a hundred of is neither cut off nor out of reach", async ({ dashboard, hub, admin }) => {
  test.slow();
  const { organization: org } = hub.demo;
  const project = `many-${process.pid}`;
  const path = { org, project };
  await admin.api.POST("/api/v1/organizations/{org}/projects", {
    params: { path: { org } },
    body: { key: project, name: "Many" },
  });
  const places = Array.from({ length: 101 }, (_, index) => String(index + 1).padStart(3, "0"));
  for (const place of places) {
    const body = { key: `segment-${place}`, name: `Segment ${place}` };
    await admin.api.POST(`${PROJECT}/segments`, { params: { path }, body });
    const flag = { key: `flag-${place}`, type: "boolean" as const, tags: [`tag-${place}`] };
    await admin.api.POST(`${PROJECT}/flags`, { params: { path }, body: flag });
  }

  await dashboard.goto(`/o/${org}/p/${project}/segments`);
  const segments = dashboard.getByRole("table", { name: "Segments" });
  const last = segments.getByRole("link", { name: "Segment 101" });
  await expect(async () => {
    await segments.getByRole("row").last().scrollIntoViewIfNeeded();
    await expect(last).toBeVisible({ timeout: 200 });
  }).toPass();
  // The heading's row counts as well.
  await expect(segments).toHaveAttribute("aria-rowcount", "102");

  await dashboard.goto(`/o/${org}/p/${project}/flags`);
  await dashboard.getByLabel("Tag", { exact: true }).selectOption("tag-101");
  await expect(dashboard.getByRole("link", { name: "flag-101" })).toBeVisible();

  await dashboard.getByRole("link", { name: "flag-101" }).click();
  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });
  await rule.getByRole("button", { name: "Other…" }).click();
  await dashboard.getByRole("menuitem", { name: /Segment/ }).click();
  await rule.getByRole("button", { name: "Choose a segment" }).click();
  await dashboard.getByPlaceholder("Search segments").fill("segment 101");
  await dashboard.getByRole("option", { name: /Segment 101/ }).click();
  await expect(rule.getByRole("button", { name: "Segment: segment-101" })).toBeVisible();
});
