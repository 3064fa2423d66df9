import { expect, test } from "vitest";
import { live, start, turn } from "./support/client.js";
import { createFakeStorage } from "./support/storage.js";

test("a visitor whom nobody knows has an id that is the same on every visit", async () => {
  const storage = createFakeStorage();
  const first = await start({ anonymous: true, context: { plan: "free" }, storage });
  const { targetingKey } = first.client.context;
  expect(targetingKey).toMatch(/^[0-9a-z]{12,}$/);
  expect(first.client.context).toEqual({ plan: "free", targetingKey });
  first.hub.socket().open();
  expect(first.hub.socket().take()[0]?.[3]).toEqual({ plan: "free", targetingKey });

  const second = await start({ anonymous: true, context: {}, storage });
  expect(second.client.context).toEqual({ targetingKey });
  const elsewhere = await start({ anonymous: true, context: {}, storage: createFakeStorage() });
  expect(elsewhere.client.context.targetingKey).not.toBe(targetingKey);
});

test("identify makes the visitor known, and unknown again under the same id", async () => {
  const { client, hub } = await live({}, { anonymous: true, context: {}, storage: createFakeStorage() });
  const { targetingKey } = client.context;
  void client.identify({ targetingKey: "user-1", plan: "pro" });
  await turn();
  expect(client.context).toEqual({ targetingKey: "user-1", plan: "pro" });
  hub.socket().say([18, null, 1, 0, {}, [], null, null]);
  void client.identify({});
  await turn();
  expect(client.context).toEqual({ targetingKey });
  expect(hub.socket().take()).toEqual([
    [1, { targetingKey: "user-1", plan: "pro" }],
    [1, { targetingKey }],
  ]);
});

test("without storage the id lasts as long as the client", async () => {
  const { client } = await live({}, { anonymous: true, context: {}, storage: null });
  const { targetingKey } = client.context;
  expect(targetingKey).toBeTruthy();
  void client.identify({ plan: "free" });
  expect(client.context.targetingKey).toBe(targetingKey);
});

test("a context that names somebody is left alone, and nobody is named who did not ask for it", async () => {
  const known = await start({ anonymous: true });
  expect(known.client.context).toEqual({ targetingKey: "user-1" });
  const unnamed = await start({ context: {} });
  expect(unnamed.client.context).toEqual({});
});
