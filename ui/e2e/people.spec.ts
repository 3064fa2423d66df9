import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { asBrowserCookie, signInElsewhere } from "./admin";
import { test } from "./fixtures";
import { newPerson, PASSWORD } from "./person";
import { totp } from "./totp";

const NEW_PASSWORD = "incorrect horse staple";

async function signIn(page: Page, email: string, password: string) {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("somebody who is invited makes an account, and is in", async ({ dashboard: page, browser, hub }) => {
  const email = `grace-${process.pid}@example.com`;
  await page.goto(`/o/${hub.demo.organization}/members`);
  await page.getByRole("button", { name: "Invite people" }).click();
  const dialog = page.getByRole("dialog", { name: /Invite people to/ });
  await dialog.getByLabel("Email addresses").fill(email);
  await dialog.getByLabel("Role").selectOption("viewer");
  await dialog.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByRole("dialog", { name: "Invitation links" }).getByRole("code").textContent();
  await page.getByRole("button", { name: "Done" }).click();
  const pending = page.getByRole("region", { name: "Pending invitations" });
  await expect(pending.getByText(email)).toBeVisible();

  const visitor = await browser.newPage();
  await visitor.goto(link ?? "");
  await expect(visitor.getByText(`You will sign in with ${email}.`)).toBeVisible();
  expect(visitor.url()).not.toContain("#");
  await visitor.getByLabel("Your name").fill("Grace Hopper");
  await visitor.getByLabel("New password").fill(PASSWORD);
  await visitor.getByRole("button", { name: "Create account and join" }).click();
  await expect(visitor.getByRole("button", { name: /Grace Hopper/ })).toBeVisible();
  await visitor.close();

  await page.reload();
  await expect(page.getByRole("table", { name: "Members" }).getByText(email)).toBeVisible();
  await expect(pending.getByText(email)).toBeHidden();

  const again = await browser.newPage();
  await again.goto(link ?? "");
  await expect(again.getByText(/This invitation doesn’t work/)).toBeVisible();
  await again.close();
});

test("a viewer sees why they cannot invite anybody", async ({ page, hub, admin }) => {
  const email = await newPerson(admin, hub.demo.organization, "vera", "viewer");
  const own = await signInElsewhere(hub, email, PASSWORD);
  await page.context().addCookies([asBrowserCookie(hub, own.cookie)]);
  await page.goto(`/o/${hub.demo.organization}/members`);
  await expect(page.getByText("Only admins can see members")).toBeVisible();
  await expect(page.getByRole("button", { name: "Invite people" })).toHaveAttribute("aria-disabled", "true");
});

test("a reset link sets a new password and signs out everywhere", async ({ page, hub, admin }) => {
  const email = await newPerson(admin, hub.demo.organization, "ruth");
  const { data: made } = await admin.api.POST("/api/v1/operator/password-resets", { body: { email } });
  await page.goto(made?.link ?? "");
  await page.getByLabel("New password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await signIn(page, email, PASSWORD);
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: /ruth/ })).toBeVisible();
  await page.goto(made?.link ?? "");
  await page.getByLabel("New password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText(/This link doesn’t work any more/)).toBeVisible();
});

test("a second factor is set up, asked for, and recovered from", async ({ page, hub, admin }) => {
  const email = await newPerson(admin, hub.demo.organization, "toni");
  await signIn(page, email, PASSWORD);
  await expect(page.getByRole("button", { name: /toni/ })).toBeVisible();
  await page.goto("/account");
  await page.getByRole("button", { name: "Set up" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up a second factor" });
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Next" }).click();
  await expect(dialog.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
  const secret = (await dialog.getByRole("code").textContent()) ?? "";
  await dialog.getByLabel("Code", { exact: true }).fill(totp(secret));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  const codes = page.getByRole("dialog", { name: "Your recovery codes" });
  const recovery = (await codes.getByRole("listitem").first().textContent()) ?? "";
  await codes.getByRole("button", { name: "I’ve saved them" }).click();
  await expect(page.getByText(/with 10 recovery codes left/)).toBeVisible();

  await page.context().clearCookies();
  await signIn(page, email, PASSWORD);
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("The code is wrong");
  await page.getByLabel("Code", { exact: true }).fill(recovery);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: /toni/ })).toBeVisible();
});

test("people see where they are signed in, and sign out there", async ({ page, hub, admin }) => {
  const email = await newPerson(admin, hub.demo.organization, "sam");
  const elsewhere = await signInElsewhere(hub, email, PASSWORD);
  await signIn(page, email, PASSWORD);
  await expect(page.getByRole("button", { name: /sam/ })).toBeVisible();
  await page.goto("/account");
  const sessions = page.getByRole("list", { name: "Where you’re signed in" });
  await expect(sessions.getByText("This browser")).toBeVisible();
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByText("Signed out everywhere else", { exact: true })).toBeVisible();
  await expect(sessions.getByRole("listitem")).toHaveCount(1);
  await expect(elsewhere.api.GET("/api/v1/session")).rejects.toThrow("401");
});

test("an owner changes a member's role and removes them", async ({ dashboard: page, hub, admin }) => {
  const email = await newPerson(admin, hub.demo.organization, "mona");
  await page.goto(`/o/${hub.demo.organization}/members`);
  const row = page.getByRole("row").filter({ hasText: email });
  await row.getByRole("button", { name: "Actions for mona" }).click();
  await page.getByRole("menuitem", { name: "Change role…" }).click();
  const dialog = page.getByRole("dialog", { name: "Change the role of mona" });
  await dialog.getByLabel("Role").selectOption("viewer");
  await dialog.getByRole("button", { name: "Change role" }).click();
  await expect(row.getByText("Viewer", { exact: true })).toBeVisible();
  await row.getByRole("button", { name: "Actions for mona" }).click();
  await page.getByRole("menuitem", { name: "Remove from organization…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove member" }).click();
  await expect(row).toHaveCount(0);
});

test("a member who has a role in one environment shows it, and leaves", async ({ page, hub, admin }) => {
  const org = hub.demo.organization;
  await page.context().addCookies([asBrowserCookie(hub, admin.cookie)]);
  await page.goto(`/o/${org}/members`);
  const sam = page.getByRole("row").filter({ hasText: "sam@example.com" });
  await expect(sam.getByText(/Editor in Storefront \/ Development/i)).toBeVisible();

  const email = await newPerson(admin, org, "leo", "viewer");
  const own = await signInElsewhere(hub, email, PASSWORD);
  await page.context().clearCookies();
  await page.context().addCookies([asBrowserCookie(hub, own.cookie)]);
  await page.goto(`/o/${org}/members`);
  await page.getByRole("button", { name: "Leave organization…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave organization" }).click();
  await expect(
    page.getByText("You are not a member of any organization yet.", { exact: false }),
  ).toBeVisible();
});

test("an operator suspends an organization, and others see no such page", async ({ page, hub, admin }) => {
  const name = `Suspended ${process.pid}`;
  const key = `suspended-${process.pid}`;
  await admin.api.POST("/api/v1/organizations", { body: { name, key } });
  await page.context().addCookies([asBrowserCookie(hub, admin.cookie)]);
  await page.goto("/operator");
  const row = page.getByRole("row").filter({ hasText: key });
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Suspend…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Suspend organization" }).click();
  await expect(row.getByText("Suspended", { exact: true })).toBeVisible();
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
  await dialog.getByRole("textbox").fill(key);
  await dialog.getByRole("button", { name: "Delete organization" }).click();
  await expect(row).toHaveCount(0);

  const email = await newPerson(admin, hub.demo.organization, "olga", "viewer");
  const own = await signInElsewhere(hub, email, PASSWORD);
  await page.context().clearCookies();
  await page.context().addCookies([asBrowserCookie(hub, own.cookie)]);
  await page.goto("/operator");
  await expect(page.getByText("Only operators can see this page")).toBeVisible();
});
