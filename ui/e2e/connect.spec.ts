import { createClient } from "@peekaboo/sdk";
import { expect } from "@playwright/test";
import { WebSocket } from "ws";
import { at, test } from "./fixtures";

test("the connect page says connected the moment the first application is", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "environments/staging/connect"));
  await expect(dashboard.getByText("Waiting for your application…")).toBeVisible();
  await dashboard.getByRole("tab", { name: "Node" }).click();
  const snippet = (await dashboard.getByRole("region", { name: "Code" }).last().textContent()) ?? "";
  const key = /key: "([^"]+)"/.exec(snippet)?.[1] ?? "";
  const url = /url: "([^"]+)"/.exec(snippet)?.[1] ?? "";
  expect(url).toBe(hub.stream);

  const client = createClient({
    key,
    url,
    context: { targetingKey: "user-1" },
    WebSocket: WebSocket as never,
  });
  expect(await client.ready(10_000)).toBe(true);
  await expect(dashboard.getByText("Connected: 1 application in Staging")).toBeVisible();
  await expect(dashboard.getByText(/^js\//)).toBeVisible();
  client.close();
  await expect(dashboard.getByText("Waiting for your application…")).toBeVisible();
});

test("the snippet for a page works as it stands, in a page of any origin", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "environments/development/connect"));
  await expect(dashboard.getByText("Waiting for your application…")).toBeVisible();
  const snippet = (await dashboard.getByRole("region", { name: "Code" }).last().textContent()) ?? "";
  const shop = await dashboard.context().newPage();
  const told: string[] = [];
  shop.on("console", (message) => told.push(message.text()));
  await shop.setContent(snippet);
  await expect.poll(() => told[0]).toMatch(/^[a-z0-9-]+: \S/);
  await dashboard.bringToFront();
  await expect(dashboard.getByText("Connected: 1 application in Development")).toBeVisible();
  await shop.close();
});

test("a connect page that cannot be read says so, and can be tried again", async ({ dashboard, hub }) => {
  await dashboard.route("**/environments/staging/keys*", (route) =>
    route.fulfill({ status: 500, body: "{}" }),
  );
  await dashboard.goto(at(hub, "environments/staging/connect"));
  const alert = dashboard.getByRole("alert");
  await expect(alert).toContainText("The hub answered 500");
  await dashboard.unroute("**/environments/staging/keys*");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(dashboard.getByRole("tab", { name: "Web page" })).toBeVisible();
});
