import { describe, expect, test } from "vitest";
import type { ClientFrame } from "../src/frames.js";
import { MAX_MESSAGE_BYTES } from "../src/frames.js";
import { encode } from "../src/msgpack.js";
import type { Batch } from "../src/usage/batch.js";
import { createUsage, FLUSH_MS, MAX_COUNTS, MAX_ENTRY_BYTES, MAX_RECORDS } from "../src/usage/usage.js";
import { createFakeClock } from "./support/clock.js";

function start(random = () => 0.5) {
  const clock = createFakeClock();
  const frames: ClientFrame[] = [];
  let ids = 0;
  const usage = createUsage({
    encode,
    clock,
    random,
    id: () => `b-${++ids}`,
    send: (frame) => frames.push(frame),
  });
  /** The batches sent since this was last asked. */
  const sent = (): Batch[] => frames.splice(0).map((frame) => frame[1] as Batch);
  return { clock, usage, frames, sent };
}

describe("counting", () => {
  test("tells how often each outcome of a flag was served, once in ten seconds", () => {
    const { clock, usage, frames } = start();
    usage.connected();
    for (let i = 0; i < 3; i++) usage.count("checkout", 7, "on", "SPLIT");
    usage.count("checkout", 7, "off", "SPLIT");
    usage.count("checkout", 8, "on", "SPLIT");
    usage.count("checkout", 8, "on", "TARGETING_MATCH");
    usage.count("gone", null, null, "ERROR");
    clock.advance(FLUSH_MS - 1);
    expect(frames).toEqual([]);
    clock.advance(1);
    expect(frames).toEqual([
      [
        3,
        {
          id: "b-1",
          counts: [
            ["checkout", 7, "on", "SPLIT", 3],
            ["checkout", 7, "off", "SPLIT", 1],
            ["checkout", 8, "on", "SPLIT", 1],
            ["checkout", 8, "on", "TARGETING_MATCH", 1],
            ["gone", null, null, "ERROR", 1],
          ],
          exposures: [],
          events: [],
          dropped: 0,
        },
      ],
    ]);
  });

  test.each([
    [0, 0.8],
    [0.999_999, 1.2],
  ])("spreads clients by a fifth either way: %d", (random, share) => {
    const { clock, usage, frames } = start(() => random);
    usage.connected();
    usage.count("a", 1, "on", "STATIC");
    clock.advance(Math.round(FLUSH_MS * share) - 1);
    expect(frames.length).toBe(0);
    clock.advance(1);
    expect(frames.length).toBe(1);
  });

  test("sends nothing where nothing happened", () => {
    const { clock, usage, frames } = start();
    usage.connected();
    clock.advance(FLUSH_MS * 5);
    expect(frames).toEqual([]);
    expect(usage.empty()).toBe(true);
  });
});

test("exposures and events tell how long ago they were when they are first sent, and not again", () => {
  const { clock, usage, sent } = start();
  usage.record("events", { event: "purchase", value: 12.5, targetingKey: "user-1" });
  clock.advance(1500);
  usage.record("exposures", { flag: "a", flagVersion: 1, variation: "on", targetingKey: "user-1" });
  usage.connected();
  usage.flush();
  const [first] = sent();
  expect(first).toMatchObject({
    events: [{ event: "purchase", value: 12.5, targetingKey: "user-1", ageMillis: 1500 }],
    exposures: [{ flag: "a", flagVersion: 1, variation: "on", targetingKey: "user-1", ageMillis: 0 }],
  });
  clock.advance(5000);
  usage.flush();
  expect(sent()).toEqual([first]);
});

describe("acknowledgment", () => {
  test("a batch is sent again under its id until it is acknowledged, and what came since waits", () => {
    const { clock, usage, sent } = start();
    usage.connected();
    usage.count("a", 1, "on", "STATIC");
    clock.advance(FLUSH_MS);
    const [first] = sent();
    usage.count("a", 1, "on", "STATIC");
    clock.advance(FLUSH_MS);
    expect(sent()).toEqual([first]);
    usage.acknowledge("another");
    clock.advance(FLUSH_MS);
    expect(sent()).toEqual([first]);
    usage.acknowledge("b-1");
    expect(usage.empty()).toBe(false);
    clock.advance(FLUSH_MS);
    expect(sent()).toMatchObject([{ id: "b-2", counts: [["a", 1, "on", "STATIC", 1]] }]);
    usage.acknowledge("b-2");
    expect(usage.empty()).toBe(true);
  });

  test("after a lost connection the batch is sent at once, the same", () => {
    const { clock, usage, sent } = start();
    usage.connected();
    usage.count("a", 1, "on", "STATIC");
    clock.advance(FLUSH_MS);
    const [first] = sent();
    usage.lost();
    usage.count("a", 1, "on", "STATIC");
    clock.advance(FLUSH_MS * 3);
    expect(sent()).toEqual([]);
    expect(clock.pending()).toBe(0);
    usage.connected();
    expect(sent()).toEqual([first]);
  });

  test("a batch that was handed over in another way counts as acknowledged", () => {
    const { usage, sent } = start();
    usage.count("a", 1, "on", "STATIC");
    const batch = usage.next();
    expect(usage.next()).toBe(batch);
    usage.acknowledge(batch?.id ?? "");
    expect(usage.next()).toBeNull();
    usage.connected();
    usage.flush();
    expect(sent()).toEqual([]);
  });

  test("batches have ids of their own", () => {
    const ids = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const usage = createUsage({
        clock: createFakeClock(),
        random: () => 0.5,
        encode,
        send: () => undefined,
      });
      usage.count("a", 1, "on", "STATIC");
      ids.add(usage.next()?.id ?? "");
    }
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(64);
  });
});

describe("bounds", () => {
  test("what does not fit into one message follows as soon as that is acknowledged, and nothing is lost", () => {
    const { usage, sent } = start();
    for (let i = 0; i < MAX_COUNTS; i++) usage.count("flag", i, `variation-${i}`.repeat(4), "SPLIT");
    for (let i = 0; i < MAX_RECORDS; i++) usage.record("events", { event: `event-${i}` });
    usage.connected();
    usage.flush();
    const counts: unknown[] = [];
    const events: unknown[] = [];
    for (let [batch] = sent(); batch; [batch] = sent()) {
      expect(encode([3, batch]).length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      counts.push(...batch.counts.map(([, version]) => version));
      events.push(...batch.events.map(({ event }) => event));
      usage.acknowledge(batch.id);
    }
    expect(usage.empty()).toBe(true);
    expect(counts).toEqual(Array.from({ length: MAX_COUNTS }, (_, i) => i));
    expect(new Set(events).size).toBe(MAX_RECORDS);
  });

  test("what there is no room for is counted, and told once", () => {
    const { usage, sent } = start();
    for (let i = 0; i < MAX_COUNTS + 5; i++) usage.count(`flag-${i}`, 1, "on", "STATIC");
    for (let i = 0; i < MAX_RECORDS + 7; i++) usage.record("events", { event: "e" });
    usage.count("flag-0", 1, "on", "STATIC");
    usage.connected();
    usage.flush();
    const [batch] = sent();
    expect(batch?.dropped).toBe(12);
    usage.acknowledge(batch?.id ?? "");
    expect(sent()[0]?.dropped).toBe(0);
  });

  test("an entry that is too long for a message is dropped instead of sent repeatedly", () => {
    const { usage, sent } = start();
    usage.record("events", { event: "e".repeat(MAX_ENTRY_BYTES) });
    usage.count("f".repeat(20_000), null, null, "ERROR");
    usage.connected();
    usage.flush();
    expect(sent()).toMatchObject([{ counts: [], exposures: [], events: [], dropped: 2 }]);
  });
});
