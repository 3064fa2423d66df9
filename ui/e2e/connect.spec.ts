import { createClient } from "@peekaboo/sdk";
import { expect } from "@playwright/test";
import { WebSocket } from "ws";
import { at, test } from "./fixtures";

test("the connect page says connected the moment the first application is", async ({ dashboard, hub }) => {
  await dashboard.goto(at(hub, "environments/staging/connect"));
  await expect(dashboard.getByText("Waiting for your application…")).toBeVisible();
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
