// The examples for servers without a hub: by the rules of examples/rules.json.
import { copyFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, expect, test } from "vitest";
import { temporaryDirectory, until } from "../support/binary.js";
import type { Example } from "../support/example.js";
import { RULES, startExample, writeRules } from "../support/example.js";

const directory = temporaryDirectory();
const running: Example[] = [];

afterEach(async () => {
  for (const example of running.splice(0)) await example.stop();
});

afterAll(directory.remove);

async function start(folder: string, file: string, rules = RULES, started?: string): Promise<Example> {
  const example = await startExample(folder, [process.execPath, file], { PEEKABOO_FILE: rules }, started);
  running.push(example);
  return example;
}

async function get(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, { headers });
  expect(response.ok).toBe(true);
  return response.json();
}

test("node: says what is decided and why", async () => {
  const example = await start("node", "index.js");
  expect(await get(`${example.address()}/?user=user-1`)).toMatchObject({
    value: false,
    variation: "off",
    reason: "DISABLED",
  });
  expect(await example.stop()).toBe(0);
});

test("express: evaluates for the user who sends the request", async () => {
  const example = await start("express", "index.js");
  const price = `${example.address()}/price`;
  expect(await get(price)).toEqual({ price: 80, discount: 0 });
  expect(await get(price, { "x-plan": "pro" })).toEqual({ price: 72, discount: 10 });
  const flags = await get(`${example.address()}/flags`, { "x-country": "SE" });
  expect(flags).toMatchObject({ "hero-theme": "fjord", "new-checkout": false });
  expect(await get(`${example.address()}/healthz`)).toMatchObject({ flags: "offline" });
  expect(await example.stop()).toBe(0);
});

test("express: takes an order once the checkout is on", async () => {
  const order = async (example: Example) => {
    const response = await fetch(`${example.address()}/orders`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ quantity: 2 }),
    });
    return [response.status, await response.json()];
  };
  expect(await order(await start("express", "index.js"))).toMatchObject([404, {}]);
  const open = await start("express", "index.js", writeRules(directory.path));
  expect(await order(open)).toEqual([201, { ordered: 2 }]);
});

test("express: answers the request under way before it ends", async () => {
  const example = await start("express", "index.js", writeRules(directory.path));
  const body = JSON.stringify({ quantity: 1 });
  const sent = request(`${example.address()}/orders`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": body.length,
      expect: "100-continue",
      connection: "close",
    },
  });
  const answered = new Promise<[number | undefined, string]>((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", async (response) => resolve([response.statusCode, await text(response)]));
  });
  sent.flushHeaders();
  // The server has the request, and waits for its body.
  await new Promise((resolve) => sent.once("continue", resolve));
  const stopped = example.stop();
  await refused(example.address());
  sent.end(body);
  expect(await answered).toEqual([201, '{"ordered":1}']);
  expect(await stopped).toBe(0);
});

/** Waits until nothing listens there any more. */
async function refused(address: string): Promise<void> {
  let listening = true;
  const ask = async () => {
    while (listening)
      listening = await fetch(`${address}/healthz`).then(
        () => true,
        () => false,
      );
  };
  await Promise.all([ask(), until(() => !listening, "the server to stop listening")]);
}

test("openfeature: says what is served, and says it again when the file is another", async () => {
  const path = join(directory.path, "followed.json");
  copyFileSync(RULES, path);
  const example = await start("openfeature", "src/server.js", path, "Cart");
  copyFileSync(writeRules(directory.path), path);
  await until(() => example.output().includes("Express checkout"), "the file's change to be followed");
  expect(await example.stop()).toBe(0);
});
