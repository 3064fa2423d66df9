import { expect } from "@playwright/test";
import { at, test } from "./fixtures";

test("a dialog asks before what was typed is lost", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "segments"));
  // Within the dashboard, so that the way back is one too.
  await dashboard
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: /^Flags/ })
    .click();
  const create = dashboard.getByRole("button", { name: "Create flag" });
  const form = dashboard.getByRole("dialog", { name: "Create a flag" });
  const question = dashboard.getByRole("dialog", { name: "Discard your changes?" });
  await create.click();
  await expect(form.getByLabel("Name", { exact: true })).toBeFocused();
  await dashboard.keyboard.press("Escape");
  await expect(form, "nothing was typed").toHaveCount(0);

  await create.click();
  await form.getByLabel("Name", { exact: true }).fill("Almost lost");
  await dashboard.keyboard.press("Escape");
  await expect(question.getByRole("button", { name: "Keep editing" })).toBeFocused();
  await dashboard.keyboard.press("Enter");
  await expect(question).toHaveCount(0);
  await expect(form.getByLabel("Name", { exact: true })).toHaveValue("Almost lost");

  await dashboard.mouse.click(5, 400);
  await expect(question, "a press beside it").toBeVisible();
  await question.getByRole("button", { name: "Keep editing" }).click();
  await expect(form.getByLabel("Name", { exact: true })).toHaveValue("Almost lost");

  await dashboard.goBack();
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Keep editing" }).click();
  await expect(dashboard).toHaveURL(/\/flags$/);
  await expect(form.getByLabel("Name", { exact: true })).toHaveValue("Almost lost");

  await form.getByRole("button", { name: "Cancel" }).click();
  await question.getByRole("button", { name: "Discard" }).click();
  await expect(form).toHaveCount(0);
});

test("what was typed of a flag survives a reload, and is saved without a question", async ({
  dashboard,
  hub,
  newFlag,
}) => {
  const flag = await newFlag("reloaded");
  dashboard.on("dialog", (dialog) => void dialog.accept());
  const form = dashboard.getByRole("dialog", { name: "Edit flag" });
  const edit = async () => {
    await dashboard.getByRole("button", { name: "More actions for this flag" }).click();
    await dashboard.getByRole("menuitem", { name: /^Edit/ }).click();
  };
  await dashboard.goto(at(hub, `flags/${flag}`));
  await edit();
  await form.getByLabel("Description").fill("Typed before");
  await dashboard.reload();
  await edit();
  await expect(form.getByLabel("Description")).toHaveValue("Typed before");
  await form.getByLabel("Name").fill("x".repeat(201));
  await form.getByLabel("Name").fill(`Renamed ${flag}`);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toHaveCount(0);
  await expect(dashboard.getByRole("heading", { name: `Renamed ${flag}`, level: 1 })).toBeVisible();
  await expect(dashboard.getByText("Typed before")).toBeVisible();
});

test("what the hub refuses of a setting stands at its field", async ({ dashboard, hub }) => {
  await dashboard.route("**/environments/development", (route) =>
    route.request().method() === "PATCH"
      ? route.fulfill({
          status: 422,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "urn:peekaboo:problem:invalid",
            title: "Invalid",
            status: 422,
            errors: [{ pointer: "/color", code: "invalid", detail: "this color is not allowed" }],
          }),
        })
      : route.continue(),
  );
  await dashboard.goto(at(hub, "environments/development/settings"));
  await dashboard.getByLabel("Name").fill(" ");
  await dashboard.getByRole("button", { name: "Save" }).click();
  await expect(dashboard.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await dashboard.getByLabel("Name").fill("Development two");
  await dashboard.getByRole("radio", { name: "Violet" }).click();
  await dashboard.getByRole("button", { name: "Save" }).click();
  await expect(dashboard.getByText("This color is not allowed.")).toBeVisible();
  await dashboard.getByRole("button", { name: "Discard" }).click();
  await expect(dashboard.getByLabel("Name")).toHaveValue("Development");
});
