// What a page's client reports about the flags that it reads.
import { afterEach, expect, test, vi } from "vitest";
import type { ClientOptions } from "../src/types.js";
import { FLUSH_MS } from "../src/usage/usage.js";
import type { Rig } from "./support/client.js";
import { KEY, live, nextSocket, turn } from "./support/client.js";
import { answer, welcome } from "./support/hub.js";
import { createFakePage } from "./support/page.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A live client whose usage has been loaded. */
async function reporting(
  values: Record<string, unknown>,
  options: Partial<ClientOptions> = {},
): Promise<Rig> {
  const rig = await live(values, { usage: true, ...options });
  await loaded();
  return rig;
}

async function loaded(): Promise<void> {
  await vi.dynamicImportSettled();
  await turn();
}

interface Sent {
  readonly id: string;
  readonly counts: unknown[];
  readonly events: unknown[];
  readonly exposures: unknown[];
  readonly dropped: number;
}

/** The batches that arrived on the newest socket since this was last asked. */
function batches({ hub }: Rig): Sent[] {
  const frames = hub.socket().take();
  return frames.filter(([type]) => type === 3).map(([, batch]) => batch as Sent);
}

/** Records what is sent by beacon; `accepts` says whether the browser takes it. */
function stubBeacon(accepts = true): { readonly url: string; readonly body: Sent & { key: string } }[] {
  const beacons: { url: string; body: Sent & { key: string } }[] = [];
  vi.stubGlobal("navigator", {
    sendBeacon(url: string, body: string) {
      beacons.push({ url, body: JSON.parse(body) });
      return accepts;
    },
  });
  return beacons;
}

test("reads are counted by outcome and told within twelve seconds", async () => {
  const rig = await reporting({ on: true, text: "hello" });
  rig.client.bool("on", false);
  rig.client.bool("on", false);
  rig.client.detail("text", "");
  rig.client.number("text", 0);
  rig.client.bool("nobody-has-it", true);
  expect(batches(rig)).toEqual([]);
  rig.clock.advance(FLUSH_MS * 1.2);
  const [batch, ...others] = batches(rig);
  expect(others).toEqual([]);
  expect(batch?.counts).toEqual([
    ["on", 1, "v-true", "STATIC", 2],
    ["text", 1, "v-hello", "STATIC", 1],
    ["text", 1, null, "ERROR", 1],
    ["nobody-has-it", null, null, "ERROR", 1],
  ]);
});

test("what was read before usage was loaded counts too", async () => {
  const rig = await live({ on: true }, { usage: true });
  rig.client.bool("on", false);
  rig.client.track("opened");
  await loaded();
  rig.clock.advance(FLUSH_MS * 1.2);
  const [batch] = batches(rig);
  expect(batch?.counts).toEqual([["on", 1, "v-true", "STATIC", 1]]);
  expect(batch?.events).toMatchObject([{ event: "opened" }]);
});

test("what there was no room for before usage was loaded is told as dropped", async () => {
  const rig = await live({ on: true }, { usage: true });
  for (let i = 0; i < 1005; i++) rig.client.bool("on", false);
  await loaded();
  rig.clock.advance(FLUSH_MS * 1.2);
  expect(batches(rig)).toMatchObject([{ counts: [["on", 1, "v-true", "STATIC", 1000]], dropped: 5 }]);
});

test("who reads a flag is told once for each thing that they were served", async () => {
  const rig = await reporting({ on: true }, { context: { targetingKey: "user-1" } });
  const exposed = (): unknown[] => {
    rig.clock.advance(FLUSH_MS * 1.2);
    const told = batches(rig);
    for (const { id } of told) rig.hub.socket().say([19, id]);
    return told.flatMap(({ exposures }) => exposures);
  };
  for (let i = 0; i < 3; i++) rig.client.bool("on", false);
  rig.client.bool("nobody-has-it", true);
  expect(exposed()).toMatchObject([
    { flag: "on", flagVersion: 1, variation: "v-true", targetingKey: "user-1", reason: "STATIC" },
  ]);
  rig.client.bool("on", false);
  expect(exposed()).toEqual([]);
  void rig.client.identify({ targetingKey: "user-2" });
  rig.client.bool("on", false);
  expect(exposed(), "the value is still of user-1").toEqual([]);
  rig.hub.socket().say(answer(1));
  rig.client.bool("on", false);
  expect(exposed()).toMatchObject([{ flag: "on", targetingKey: "user-2" }]);
});

test("somebody who is nobody in particular is exposed to nothing", async () => {
  const rig = await reporting({ on: true }, { context: {} });
  rig.client.bool("on", false);
  rig.clock.advance(FLUSH_MS * 1.2);
  expect(batches(rig)).toMatchObject([{ exposures: [] }]);
});

test("an event is of whom it happened to, and has an age", async () => {
  const rig = await reporting({ on: true });
  rig.client.track("purchase", 12.5);
  void rig.client.identify({ targetingKey: "user-2" });
  rig.clock.advance(1000);
  rig.client.track("sign-in");
  rig.client.track("nonsense", Number.NaN);
  rig.clock.advance(FLUSH_MS * 1.2);
  expect(batches(rig)[0]?.events).toEqual([
    { event: "purchase", value: 12.5, targetingKey: "user-1", ageMillis: FLUSH_MS },
    { event: "sign-in", targetingKey: "user-2", ageMillis: FLUSH_MS - 1000 },
    { event: "nonsense", targetingKey: "user-2", ageMillis: FLUSH_MS - 1000 },
  ]);
});

test("a batch is said again under its id until it is acknowledged, over the next socket too", async () => {
  const rig = await reporting({ on: true });
  rig.client.bool("on", false);
  rig.clock.advance(FLUSH_MS);
  const [first] = batches(rig);
  rig.hub.socket().end();
  nextSocket(rig.hub, rig.clock);
  rig.hub.socket().open();
  rig.hub.socket().say(welcome(1, 0));
  expect(batches(rig)).toEqual([first]);
  rig.clock.advance(FLUSH_MS);
  expect(batches(rig)).toEqual([first]);
  rig.hub.socket().say([19, first?.id]);
  rig.clock.advance(FLUSH_MS);
  expect(batches(rig)).toEqual([]);
});

test("a hub that takes no events is told none on that connection, and nobody hears an error", async () => {
  const rig = await reporting({ on: true });
  rig.client.bool("on", false);
  rig.clock.advance(FLUSH_MS);
  expect(batches(rig)).toHaveLength(1);
  rig.hub.socket().say([20, "events_unsupported", "this hub does not take events", false]);
  rig.client.bool("on", false);
  rig.clock.advance(5 * FLUSH_MS);
  expect(batches(rig)).toEqual([]);
  expect(rig.errors).toEqual([]);
  expect(rig.client.status).toBe("live");
});

test("a batch that the hub can never count is not sent again, and the error is heard", async () => {
  const rig = await reporting({ on: true });
  rig.client.bool("on", false);
  rig.clock.advance(FLUSH_MS);
  const [first] = batches(rig);
  rig.hub.socket().say([20, "events_invalid", "no batch of events", false]);
  expect(rig.errors).toEqual([{ code: "events_invalid", message: "no batch of events", temporary: false }]);
  rig.client.bool("on", false);
  rig.clock.advance(FLUSH_MS);
  const [second] = batches(rig);
  expect(second?.id).not.toBe(first?.id);
  expect(second?.counts).toEqual([["on", 1, "v-true", "STATIC", 1]]);
});

test("other errors of the hub are heard as before", async () => {
  const rig = await reporting({ on: true });
  rig.hub.socket().say([20, "context_invalid", "no", false]);
  expect(rig.errors).toEqual([{ code: "context_invalid", message: "no", temporary: false }]);
});

test("a page that is hidden hands over what there is by a beacon that names its key", async () => {
  const beacons = stubBeacon();
  const page = createFakePage();
  const rig = await reporting({ on: true }, { page });
  rig.client.bool("on", false);
  page.hide();
  expect(beacons).toEqual([
    {
      url: "http://hub.test:6001/sdk/v1/events",
      body: expect.objectContaining({ key: KEY, counts: [["on", 1, "v-true", "STATIC", 1]] }),
    },
  ]);
  rig.clock.advance(FLUSH_MS * 1.2);
  expect(batches(rig)).toEqual([]);
  page.show();
  page.hide();
  expect(beacons).toHaveLength(1);
});

test("more than a message holds goes in several beacons", async () => {
  const beacons = stubBeacon();
  const page = createFakePage();
  const rig = await reporting({}, { page });
  const flags = Array.from({ length: 400 }, (_, i) => `a-flag-with-a-name-as-people-give-them-${i}`);
  for (const flag of flags) rig.client.bool(flag, false);
  page.hide();
  expect(beacons.length).toBeGreaterThan(1);
  expect(beacons.flatMap(({ body }) => body.counts)).toHaveLength(flags.length);
});

test("a batch that a browser refuses goes over the socket, with the same id", async () => {
  const beacons = stubBeacon(false);
  const page = createFakePage();
  const rig = await reporting({ on: true }, { page });
  rig.client.bool("on", false);
  page.hide();
  expect(batches(rig).map(({ id }) => id)).toEqual(beacons.map(({ body }) => body.id));
});

test("what a beacon took without a connection is said again under the same id once there is one", async () => {
  const beacons = stubBeacon();
  const page = createFakePage();
  const rig = await reporting({ on: true }, { page });
  rig.hub.socket().end();
  rig.client.bool("on", false);
  page.hide();
  nextSocket(rig.hub, rig.clock);
  rig.hub.socket().open();
  rig.hub.socket().say(welcome(1, 0));
  expect(batches(rig).map(({ id }) => id)).toEqual(beacons.map(({ body }) => body.id));
});

test("closing hands over the rest and leaves no timer and no listener behind", async () => {
  const beacons = stubBeacon();
  const page = createFakePage();
  const { client, clock } = await reporting({ on: true }, { page });
  client.track("left");
  client.close();
  expect(beacons.flatMap(({ body }) => body.events)).toMatchObject([{ event: "left" }]);
  client.bool("on", false);
  expect(clock.pending()).toBe(0);
  expect(page.listeners()).toBe(0);
});

test("a client that was closed before usage was loaded stays silent", async () => {
  const { client, clock } = await live({ on: true }, { usage: true });
  client.close();
  await loaded();
  expect(clock.pending()).toBe(0);
});

test("without usage nothing is told", async () => {
  const rig = await reporting({ on: true }, { usage: false });
  rig.client.bool("on", false);
  rig.client.track("purchase");
  rig.clock.advance(5 * FLUSH_MS);
  expect(batches(rig)).toEqual([]);
});
