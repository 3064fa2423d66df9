import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

const TARGETING = "/api/v1/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}";

async function save(page: Page) {
  await page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Save" }).click();
}

test("a rule is built over the whole condition language", async ({ dashboard, hub, admin, newFlag }) => {
  const flag = await newFlag("whole");
  const other = await newFlag("needed");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });

  await rule.getByLabel("Attribute", { exact: true }).fill("country");
  await rule.getByLabel("Values", { exact: true }).fill("SE");
  await rule.getByLabel("Values", { exact: true }).press("Enter");
  await rule.getByRole("button", { name: "Ignore case" }).click();

  await rule.getByRole("button", { name: "Add condition", exact: true }).click();
  await rule.getByLabel("Attribute", { exact: true }).last().fill("version");
  await rule.getByLabel("Comparison").last().selectOption({ label: "is not below version" });
  await rule.getByLabel("Values", { exact: true }).last().fill("2.4.0");
  await rule.getByLabel("Values", { exact: true }).last().press("Enter");

  await rule.getByRole("button", { name: "Other…" }).click();
  await dashboard.getByRole("menuitem", { name: /Another flag/ }).click();
  await rule.getByRole("button", { name: "Choose a flag" }).click();
  await dashboard.getByPlaceholder("Search flags").fill(other);
  await dashboard.getByRole("option", { name: other }).click();
  await rule.getByRole("button", { name: /^Variations/ }).click();
  await dashboard.getByRole("menuitemcheckbox", { name: "on" }).click();
  await dashboard.keyboard.press("Escape");
  await rule.getByRole("button", { name: "More actions for this condition" }).last().click();
  await dashboard.getByRole("menuitem", { name: "Negate with NOT" }).click();

  await rule.getByRole("button", { name: "Other…" }).click();
  await dashboard.getByRole("menuitem", { name: /^Group/ }).click();
  await rule.getByLabel("How conditions combine").last().selectOption("any");
  await rule.getByLabel("Attribute", { exact: true }).last().fill("/org/seats");
  await rule.getByLabel("Comparison").last().selectOption({ label: "is at least" });
  await rule.getByLabel("Values", { exact: true }).last().fill("10");
  await rule.getByLabel("Values", { exact: true }).last().press("Enter");
  await save(dashboard);
  await expect(dashboard.getByText("Saved", { exact: true })).toBeVisible();

  const { organization: org, project } = hub.demo;
  const { data } = await admin.api.GET(TARGETING, {
    params: { path: { org, project, flag, environment: "development" } },
  });
  expect(data?.rules[0]?.when).toEqual({
    all: [
      { attribute: "country", op: "in", values: ["SE"], ignoreCase: true },
      { attribute: "version", op: "semverLt", values: ["2.4.0"], negate: true },
      { not: { flag: other, variations: ["on"] } },
      { any: [{ attribute: "/org/seats", op: "gte", values: [10] }] },
    ],
  });
});

test("rules are dragged into another order", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("drag");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  for (const [name, value] of [
    ["Rule 1", "SE"],
    ["Rule 2", "NO"],
  ] as const) {
    await dashboard.getByRole("button", { name: "Add rule" }).click();
    const rule = dashboard.getByRole("group", { name });
    await rule.getByLabel("Attribute", { exact: true }).fill("country");
    await rule.getByLabel("Values", { exact: true }).fill(value);
    await rule.getByLabel("Values", { exact: true }).press("Enter");
    await rule.getByRole("button", { name: new RegExp(`^${name}: `) }).click();
  }
  const from = await dashboard.getByRole("button", { name: "Move rule 2" }).boundingBox();
  const to = await dashboard.getByRole("group", { name: "Rule 1" }).boundingBox();
  if (!from || !to) throw new Error("the rules are not on the page");
  await dashboard.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await dashboard.mouse.down();
  await dashboard.mouse.move(from.x, to.y + 4, { steps: 5 });
  await dashboard.mouse.up();
  await expect(dashboard.getByRole("button", { name: /^Rule 1: / })).toContainText("country is one of NO");
});

test("a split is dragged, typed, and kept from not adding up", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("split");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("tab", { name: "Variations" }).click();
  await dashboard.getByRole("button", { name: "Add variation" }).click();
  await dashboard.getByLabel("Key of variation 3").fill("maybe");
  await dashboard.getByRole("button", { name: "Save variations" }).click();
  await dashboard.getByRole("button", { name: "Save everywhere" }).click();
  await expect(dashboard.getByText("Variations saved")).toBeVisible();
  await dashboard.getByRole("tab", { name: "Targeting" }).click();
  await dashboard.getByLabel("Everyone else gets").selectOption({ label: "Percentage split…" });

  const border = dashboard.getByRole("slider", { name: "Boundary between on and off" });
  await expect(dashboard.getByLabel("Share of on"), "a split starts with what is served now").toHaveValue(
    "100",
  );
  await expect(dashboard.getByLabel("Share of off")).toHaveValue("0");
  const box = await border.boundingBox();
  if (!box) throw new Error("the border is not on the page");
  await dashboard.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await dashboard.mouse.down();
  await dashboard.mouse.move(box.x - 100, box.y, { steps: 4 });
  await dashboard.mouse.up();
  await expect.poll(async () => Number(await border.getAttribute("aria-valuenow"))).toBeLessThan(95);
  const dragged = Number(await border.getAttribute("aria-valuenow"));
  await border.press("ArrowRight");
  await expect(dashboard.getByLabel("Share of on")).toHaveValue(String(dragged + 1));

  await dashboard.getByLabel("Share of on").fill("12.345");
  await expect(dashboard.getByText(/They must add up to 100%/).first()).toBeVisible();
  const saving = dashboard
    .getByRole("region", { name: "Unsaved changes" })
    .getByRole("button", { name: "Save" });
  await expect(saving).toHaveAttribute("aria-disabled", "true");
  await dashboard.getByLabel("Share of off").fill("50");
  await dashboard.getByLabel("Share of maybe").fill("37.655");
  await saving.click();
  await expect(dashboard.getByText("Saved", { exact: true })).toBeVisible();
});

test("a prerequisite that would make a circle is refused where it stands", async ({
  dashboard,
  hub,
  admin,
  newFlag,
}) => {
  const flag = await newFlag("circle");
  const other = await newFlag("back");
  const { organization: org, project } = hub.demo;
  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag: other, environment: "development" } },
    body: { prerequisites: [{ flag, variations: ["on"] }] },
  });
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("button", { name: "Add prerequisite" }).click();
  await dashboard.getByRole("button", { name: "Choose a flag" }).click();
  await dashboard.getByPlaceholder("Search flags").fill(other);
  await dashboard.getByRole("option", { name: other }).click();
  await dashboard.getByRole("button", { name: /^Variations/ }).click();
  await dashboard.getByRole("menuitemcheckbox", { name: "on" }).click();
  await dashboard.keyboard.press("Escape");
  await save(dashboard);
  await expect(dashboard.getByRole("list", { name: "Prerequisites" }).getByRole("alert")).toBeVisible();
});

test("what is still to be filled in is no mistake until it was left, or somebody saves", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("untouched");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("button", { name: "Add prerequisite" }).click();
  const prerequisites = dashboard.getByRole("list", { name: "Prerequisites" });
  const choose = prerequisites.getByRole("button", { name: "Choose a flag" });
  await expect(choose).toBeVisible();
  await expect(prerequisites.getByRole("alert")).toHaveCount(0);
  await choose.click();
  await dashboard.keyboard.press("Escape");
  await expect(choose).toBeFocused();
  await expect(prerequisites.getByRole("alert")).toHaveCount(0);
  await dashboard.getByLabel("Variation when off").focus();
  await expect(prerequisites.getByRole("alert")).toHaveText("Choose a flag.");

  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });
  await expect(rule.getByRole("alert")).toHaveCount(0);
  await save(dashboard);
  await expect(rule.getByRole("alert")).toHaveText("Enter an attribute.");
  await expect(prerequisites.getByRole("alert")).toBeInViewport();
});

test("a list that comes without a key pressed is several values", async ({ dashboard, hub, newFlag }) => {
  const flag = await newFlag("dictated");
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("button", { name: "Add rule" }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });
  await rule.getByLabel("Attribute", { exact: true }).fill("country");
  await rule.getByLabel("Values", { exact: true }).focus();
  await dashboard.keyboard.insertText("SE, NO");
  await rule.getByLabel("Attribute", { exact: true }).focus();
  await expect(rule.getByRole("button", { name: "Remove SE", exact: true })).toBeVisible();
  await expect(rule.getByRole("button", { name: "Remove NO", exact: true })).toBeVisible();
});

test("what is only to be read does not change under the keys", async ({ dashboard, hub, admin, newFlag }) => {
  const flag = await newFlag("still");
  const { organization: org, project } = hub.demo;
  const when = { attribute: "country", op: "in", values: ["SE", "NO"] } as const;
  const weights = [
    ["on", 25_000],
    ["off", 75_000],
  ] as never;
  await admin.api.PATCH(TARGETING, {
    params: { path: { org, project, flag, environment: "development" } },
    body: {
      rules: [{ id: "one", when: { ...when, values: [...when.values] }, serve: { variation: "on" } }],
      fallthrough: { split: { by: "targetingKey", weights } },
    },
  });
  await admin.api.PATCH("/api/v1/organizations/{org}/projects/{project}/flags/{flag}", {
    params: { path: { org, project, flag } },
    body: { archived: true },
  });
  await dashboard.goto(at(hub, `flags/${flag}?env=development`));
  await dashboard.getByRole("button", { name: /^Rule 1: / }).click();
  const rule = dashboard.getByRole("group", { name: "Rule 1" });
  await rule.getByLabel("Values", { exact: true }).press("Backspace");
  await dashboard.getByLabel("Share of on").press("ArrowUp");
  await expect(dashboard.getByLabel("Share of on")).toHaveValue("25");
  await expect(rule.getByRole("button", { name: "Remove NO" })).toBeVisible();
  await expect(dashboard.getByRole("region", { name: "Unsaved changes" })).toHaveCount(0);
});
