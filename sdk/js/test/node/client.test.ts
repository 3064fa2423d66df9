import { describe, expect, test, vi } from "vitest";
import { createServerClient } from "../../src/node/index.js";
import type { ServerChange } from "../../src/node/types.js";
import { SDK } from "../../src/version.js";
import { nextSocket, settled, turn } from "../support/client.js";
import { COMMITTED_MICROS, EPOCH, welcome } from "../support/hub.js";
import { liveServer, rules, SERVER_KEY, startServer } from "../support/server.js";

const nordic = { attribute: "country", op: "in", values: ["SE", "NO"] };
const FLAGS = {
  plain: rules(true),
  theme: rules("dark", { rules: [{ id: "r1", when: { segment: "nordics" }, serve: { variation: "w" } }] }),
  size: rules(7, { clientVisible: true }),
  layout: rules({ columns: 3 }),
  off: rules("x", { enabled: false }),
  broken: { type: "boolean" },
};
const SEGMENTS = { nordics: { when: nordic } };

describe("evaluating", () => {
  test("gives each flag's value for the context of the call", async () => {
    const { client } = await liveServer(FLAGS, SEGMENTS);
    expect(client.bool("plain", false)).toBe(true);
    expect(client.number("size", 0, { targetingKey: "u" })).toBe(7);
    expect(client.object("layout", {})).toEqual({ columns: 3 });
    expect(client.detail("theme", "light", { country: "SE" })).toEqual({
      value: "dark",
      variation: "w",
      reason: "TARGETING_MATCH",
      ruleId: "r1",
      ruleIndex: 0,
      flagVersion: 1,
    });
    expect(client.detail("theme", "light", { country: "DE" })).toMatchObject({
      reason: "DEFAULT",
      variation: "v",
    });
  });

  test.each([
    ["unknown", {}, "FLAG_NOT_FOUND"],
    ["broken", {}, "GENERAL"],
    ["plain", {}, "TYPE_MISMATCH"],
    ["constructor", {}, "FLAG_NOT_FOUND"],
    ["theme", { targetingKey: 7 }, "INVALID_CONTEXT"],
    ["theme", null, "INVALID_CONTEXT"],
  ])("answers what cannot be given with the default: %s for %j", async (key, context, errorCode) => {
    const { client } = await liveServer(FLAGS, SEGMENTS);
    expect(client.string(key, "default", context as never)).toBe("default");
    expect(client.detail(key, "default", context as never)).toMatchObject({
      value: "default",
      variation: null,
      reason: "ERROR",
      errorCode,
    });
  });

  test("serves the default of a flag that is off without an off variation, and says why", async () => {
    const { client } = await liveServer(FLAGS, SEGMENTS);
    expect(client.detail("off", "default")).toEqual({
      value: "default",
      variation: null,
      reason: "DISABLED",
      flagVersion: 1,
    });
  });

  test("all flags are those that serve something, and a browser is given those that it may see", async () => {
    const { client } = await liveServer(FLAGS, SEGMENTS);
    expect(client.allFlags()).toEqual({ plain: true, theme: "dark", size: 7, layout: { columns: 3 } });
    expect(client.allFlags({}, { clientVisible: true })).toEqual({ size: 7 });
    expect(client.allFlags(null as never)).toEqual({});
  });

  test("reports malformed flags, which do not affect others", async () => {
    const { errors } = await liveServer(FLAGS, SEGMENTS);
    expect(errors).toMatchObject([{ code: "malformed", temporary: true }]);
    expect(errors[0]?.message).toContain("flag broken is malformed");
  });
});

describe("following the hub", () => {
  test("says HELLO with its key and no context", async () => {
    const { client, hub } = await startServer();
    expect(client.status).toBe("connecting");
    expect(client.detail("plain", 1)).toMatchObject({ value: 1, errorCode: "PROVIDER_NOT_READY" });
    hub.socket().open();
    expect(hub.socket()).toMatchObject({ url: "ws://hub.test:6001/sdk/v1/stream", protocol: "peekaboo.v1" });
    expect(hub.socket().take()).toEqual([[0, SERVER_KEY, null, null, SDK]]);
  });

  test("a change names the flags that it may change, through segments and prerequisites too", async () => {
    const flags = { ...FLAGS, after: rules(1, { prerequisites: [{ flag: "theme", variations: ["v"] }] }) };
    const { client, hub } = await liveServer(flags, SEGMENTS);
    const changes: ServerChange[] = [];
    const ofTheme = vi.fn();
    client.on("change", (change) => changes.push(change));
    client.on("change:theme", ofTheme);
    hub.socket().say([18, 1, 2, COMMITTED_MICROS, {}, [], { nordics: { when: { all: [] } } }, []]);
    const origin = { version: 2, committedAt: COMMITTED_MICROS / 1000 };
    expect(changes).toEqual([{ keys: ["theme", "after"], ...origin }]);
    expect(ofTheme).toHaveBeenCalledWith({ key: "theme", ...origin });
    expect(client.detail("theme", "")).toMatchObject({ ruleId: "r1" });
    hub.socket().say([18, 2, 3, COMMITTED_MICROS, {}, ["plain"], {}, []]);
    expect(changes.at(-1)?.keys).toEqual(["plain"]);
    expect(client.version).toBe(3);
  });

  test("a snapshot after a loss tells only of what is otherwise than before", async () => {
    const { client, hub, clock } = await liveServer(FLAGS, SEGMENTS);
    const changes: ServerChange[] = [];
    client.on("change", (change) => changes.push(change));
    hub.socket().end(4004);
    nextSocket(hub, clock);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toBeNull();
    hub.socket().say(welcome(9, 2, { epoch: "restored" }));
    hub.socket().say([17, 9, { ...FLAGS, size: rules(8) }, SEGMENTS]);
    expect(changes.map(({ keys }) => keys)).toEqual([["size"]]);
  });

  test("an old delta is ignored, and a gap asks once for what is missing", async () => {
    const { client, hub } = await liveServer({ size: rules(1) });
    hub.socket().say([18, 0, 1, 5, { size: rules(0) }, [], {}, []]);
    expect(client.number("size", 9)).toBe(1);
    hub.socket().say([18, 2, 3, 5, { size: rules(3) }, [], {}, []]);
    hub.socket().say([18, 3, 4, 5, { size: rules(4) }, [], {}, []]);
    expect(hub.socket().take()).toEqual([[2, EPOCH, 1]]);
    hub.socket().say([18, 1, 4, 5, { size: rules(4) }, [], {}, []]);
    expect(client.number("size", 9)).toBe(4);
  });

  test("a bootstrap is served until the hub's rules are there, and never offered to be continued", async () => {
    const bootstrap = { epoch: EPOCH, version: 5, flags: { size: rules(5) } };
    const { client, hub } = await startServer({ bootstrap } as never);
    expect(await settled(client.ready())).toBe(true);
    expect(client.number("size", 0)).toBe(5);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toBeNull();
  });

  test("a refused key stops it, and the last rules are served", async () => {
    const { client, hub, errors } = await liveServer({ size: rules(1) });
    hub.socket().end(4502, "revoked");
    expect(client.status).toBe("stopped");
    expect(errors.at(-1)).toEqual({ code: 4502, message: "revoked", temporary: false });
    expect(client.number("size", 0)).toBe(1);
  });
});

describe("usage", () => {
  test("is counted by outcome and told every ten seconds", async () => {
    const { client, hub, clock } = await liveServer({ size: rules(1) });
    client.number("size", 0);
    client.number("size", 0, { targetingKey: "u" });
    client.string("size", "");
    client.bool("nope", true);
    client.track("purchase", { targetingKey: "u" }, 12.5);
    client.track("view", {}, Number.NaN);
    clock.advance(10_000);
    expect(hub.socket().take()).toMatchObject([
      [
        3,
        {
          counts: [
            ["size", 1, "v", "STATIC", 2],
            ["size", 1, null, "ERROR", 1],
            ["nope", null, null, "ERROR", 1],
          ],
          events: [
            { event: "purchase", value: 12.5, targetingKey: "u", ageMillis: 10_000 },
            { event: "view", ageMillis: 10_000 },
          ],
          exposures: [],
          dropped: 0,
        },
      ],
    ]);
  });

  test("exposures of tracked flags are reported once", async () => {
    const { client, hub, clock } = await liveServer({ size: rules(1, { track: true }) });
    for (const targetingKey of ["u", "u", "w"]) client.number("size", 0, { targetingKey });
    client.number("size", 0);
    clock.advance(10_000);
    const exposure = { flag: "size", flagVersion: 1, variation: "v", ageMillis: 10_000 };
    expect(hub.socket().take()[0]?.[1]).toMatchObject({
      exposures: [
        { ...exposure, targetingKey: "u" },
        { ...exposure, targetingKey: "w" },
      ],
    });
  });

  test("an exposure says which rule matched and what its split bucketed", async () => {
    const split = (by?: string) => ({
      split: {
        ...(by ? { by } : {}),
        weights: [
          ["v", 50_000],
          ["w", 50_000],
        ],
      },
    });
    const company = { attribute: "company", op: "exists" };
    const flag = rules(1, {
      track: true,
      rules: [
        { id: "staff", when: { attribute: "staff", op: "in", values: [true] }, serve: { variation: "w" } },
        { id: "firms", when: company, serve: split("company") },
      ],
      fallthrough: split(),
    });
    const { client, hub, clock } = await liveServer({ size: flag });
    client.number("size", 0, { targetingKey: "a" });
    client.number("size", 0, { targetingKey: "b", staff: true });
    client.number("size", 0, { targetingKey: "c", company: 42 });
    clock.advance(10_000);
    const [, batch] = hub.socket().take()[0] as [number, { exposures: Record<string, unknown>[] }];
    const why = batch.exposures.map(({ targetingKey, reason, rule, unit }) => ({
      targetingKey,
      reason,
      rule,
      unit,
    }));
    expect(why).toEqual([
      { targetingKey: "a", reason: "SPLIT" },
      { targetingKey: "b", reason: "TARGETING_MATCH", rule: "staff" },
      { targetingKey: "c", reason: "SPLIT", rule: "firms", unit: "42" },
    ]);
  });

  test("a batch that was not acknowledged comes again with the next connection", async () => {
    const { client, hub, clock } = await liveServer({ size: rules(1) });
    client.number("size", 0);
    clock.advance(10_000);
    const [sent] = hub.socket().take();
    hub.socket().end(1006);
    nextSocket(hub, clock);
    hub.socket().open();
    hub.socket().take();
    hub.socket().say(welcome(1, 0));
    expect(client.status).toBe("live");
    expect(hub.socket().take()).toEqual([sent]);
  });

  test("a hub that takes no events is told none until the next connection", async () => {
    const { client, hub, clock, errors } = await liveServer({ size: rules(1) });
    client.number("size", 0);
    clock.advance(10_000);
    expect(hub.socket().take().length).toBe(1);
    hub.socket().say([20, "events_unsupported", "this hub does not take events", false]);
    // A change is not a new connection.
    hub.socket().say([18, 1, 2, COMMITTED_MICROS, { size: rules(2) }, [], {}, []]);
    clock.advance(30_000);
    expect(hub.socket().take()).toEqual([]);
    expect(errors).toEqual([]);
    await client.close();
    expect(client.status).toBe("closed");
  });

  test("gives up a batch that the hub can never count", async () => {
    const { client, hub, clock, errors } = await liveServer({ size: rules(1) });
    client.number("size", 0);
    clock.advance(10_000);
    const [[, first]] = hub.socket().take() as [[number, { id: string }]];
    hub.socket().say([20, "events_invalid", "no batch of events", false]);
    expect(errors.length).toBe(1);
    client.number("size", 0);
    clock.advance(12_000);
    const [[, second]] = hub.socket().take() as [[number, { id: string }]];
    expect(second.id).not.toBe(first.id);
  });

  test("is not told where that is not wanted", async () => {
    const { client, hub, clock } = await liveServer({ size: rules(1) }, {}, { usage: false });
    client.number("size", 0);
    client.track("purchase");
    clock.advance(20_000);
    expect(hub.socket().take()).toEqual([]);
  });
});

describe("closing", () => {
  test("waits for the hub to take what it has not been told", async () => {
    const { client, hub, clock } = await liveServer({ size: rules(1) });
    client.number("size", 0);
    const closed = client.close();
    await turn();
    expect(client.status).toBe("live");
    const [, batch] = hub.socket().take()[0] as [number, { id: string }];
    hub.socket().say([19, batch.id]);
    await closed;
    expect(client.status).toBe("closed");
    expect(hub.socket().closedWith).toBe(1000);
    expect(clock.pending()).toBe(0);
    expect(client.number("size", 0)).toBe(1);
  });

  test("waits no longer than two seconds", async () => {
    const { client, clock } = await liveServer({ size: rules(1) });
    client.number("size", 0);
    const closed = client.close();
    await turn();
    clock.advance(2_000);
    await closed;
    expect(client.status).toBe("closed");
    expect(clock.pending()).toBe(0);
  });

  test("ends pending waits", async () => {
    const { client } = await startServer();
    const ready = client.ready();
    await client.close();
    expect(await ready).toBe(false);
  });
});

describe("without a hub", () => {
  test("serves from a bootstrap, or defaults, and asks nobody", async () => {
    const { client, hub } = await startServer({ key: "", url: "", offline: true });
    expect(await client.ready()).toBe(true);
    expect(client.bool("plain", true)).toBe(true);
    expect(client.status).toBe("offline");
    expect(hub.sockets).toEqual([]);
    await client.close();
    const bootstrapped = createServerClient({
      offline: true,
      bootstrap: { flags: { size: rules(5) } } as never,
    });
    expect(bootstrapped.number("size", 0)).toBe(5);
    await bootstrapped.close();
  });
});

describe("options that can never work are refused", () => {
  test.each([
    [{ key: "pbc_x", url: "ws://hub" }, "`key` must be a server key"],
    [{ url: "ws://hub" }, "`key` must be a server key"],
    [{ key: "pbs_x", url: "ftp://hub" }, "`url` must be"],
    [{ offline: true, bootstrap: [] }, "`bootstrap` must be a ruleset"],
    [{ offline: true, file: "x" }, "remove one of them"],
  ])("%j", (options, message) => {
    expect(() => createServerClient(options)).toThrow(message);
  });
});
