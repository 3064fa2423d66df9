import { describe, expect, test } from "vitest";
import { backoff } from "../src/backoff.js";
import { SDK } from "../src/version.js";
import { goLive, KEY, live, nextSocket, start, turn } from "./support/client.js";
import { createFakeHub, delta, EPOCH, snapshot, welcome } from "./support/hub.js";

const CONNECT_TIMEOUT_MS = 10_000;
const STABLE_MS = 60_000;
const MAX_GOAWAY_MS = 300_000;

describe("the first connection", () => {
  test("says HELLO with the key and the context, and is live once the snapshot is there", async () => {
    const { client, hub, statuses } = await start();
    expect(client.status).toBe("connecting");
    const socket = hub.socket();
    expect(socket).toMatchObject({
      url: "ws://hub.test:6001/sdk/v1/stream",
      protocol: "peekaboo.v1",
      binaryType: "arraybuffer",
    });
    expect(socket.take()).toEqual([]);
    socket.open();
    expect(socket.take()).toEqual([[0, KEY, null, { targetingKey: "user-1" }, SDK]]);
    socket.say(welcome(7, 2));
    expect(client.status).toBe("connecting");
    socket.say(snapshot(7, { a: 1 }));
    expect(client.version).toBe(7);
    expect(statuses).toEqual(["live"]);
  });

  test("is tried again when the handshake fails", async () => {
    const { hub, clock, statuses } = await start();
    hub.socket().end(1006);
    expect(statuses).toEqual(["reconnecting"]);
    clock.advance(250);
    expect(hub.sockets.length).toBe(2);
    goLive({ hub }, 1, {});
    expect(statuses).toEqual(["reconnecting", "live"]);
  });

  test("is given up when no WELCOME comes in time", async () => {
    const { hub, clock, statuses } = await start();
    hub.socket().open();
    clock.advance(CONNECT_TIMEOUT_MS - 1);
    expect(statuses).toEqual([]);
    clock.advance(1);
    expect(statuses).toEqual(["reconnecting"]);
    expect(hub.socket().closedWith).toBe(4001);
  });

  test("survives a constructor that throws, as a page's security policy makes it", async () => {
    const hub = createFakeHub();
    hub.refuse(new Error("insecure"));
    const { clock, errors, client } = await start({}, hub);
    expect(errors).toEqual([{ code: "socket", message: "Error: insecure", temporary: true }]);
    expect(client.status).toBe("reconnecting");
    hub.refuse(null);
    nextSocket(hub, clock);
    goLive({ hub }, 1, {});
    expect(client.status).toBe("live");
  });
});

describe("resuming", () => {
  test("names the version held, and goes on from a delta", async () => {
    const { client, hub, clock } = await live({ a: 1, b: 1 });
    hub.socket().say(delta(5, { a: 5 }));
    hub.socket().end(1006);
    nextSocket(hub, clock);
    hub.socket().open();
    expect(hub.socket().take()).toEqual([[0, KEY, [EPOCH, 5], { targetingKey: "user-1" }, SDK]]);
    hub.socket().say(welcome(8, 1));
    expect(client.status).toBe("reconnecting");
    hub.socket().say(delta(8, { b: 8 }));
    expect(client.status).toBe("live");
    expect(client.allFlags()).toEqual({ a: 5, b: 8 });
  });

  test("is live at once where nothing changed, and takes the welcomed version for its own", async () => {
    const { client, hub, clock } = await live({ a: 1 });
    hub.socket().end(4000);
    nextSocket(hub, clock);
    hub.socket().open();
    hub.socket().say(welcome(6, 0));
    expect(client.status).toBe("live");
    expect(client.version).toBe(6);
    hub.socket().end(1006);
    nextSocket(hub, clock);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toEqual([EPOCH, 6]);
  });

  test("never goes back when another node lags behind", async () => {
    const { client, hub, clock } = await live({ a: 1 });
    hub.socket().say(delta(9, { a: 9 }));
    hub.socket().end(1006);
    nextSocket(hub, clock);
    hub.socket().open();
    hub.socket().say(welcome(7, 0));
    hub.socket().say(delta(8, { a: 8 }));
    expect(client.number("a", 0)).toBe(9);
    expect(client.version).toBe(9);
  });

  test("takes a snapshot of another epoch, whatever its version", async () => {
    const { client, hub, clock } = await live({ a: 1 });
    hub.socket().say(delta(50, { a: 50 }));
    hub.socket().end(1006);
    nextSocket(hub, clock);
    hub.socket().open();
    hub.socket().say(welcome(3, 2, { epoch: "restored" }));
    hub.socket().say(snapshot(3, { a: 3 }));
    expect(client.version).toBe(3);
    hub.socket().say(delta(4, { a: 4 }));
    expect(client.number("a", 0)).toBe(4);
    hub.socket().end(1006);
    nextSocket(hub, clock);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toEqual(["restored", 4]);
  });

  test("keeps what it had when the connection is lost between WELCOME and the snapshot", async () => {
    const { client, hub, clock } = await live({ a: 1 });
    hub.socket().end(1006);
    nextSocket(hub, clock);
    hub.socket().open();
    hub.socket().say(welcome(3, 2, { epoch: "restored" }));
    hub.socket().end(1006);
    expect(client.allFlags()).toEqual({ a: 1 });
    nextSocket(hub, clock);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toEqual([EPOCH, 1]);
  });

  test.each([
    ["current", 0],
    ["a delta away", 1],
  ])("treats a hub that says a client without values is %s as broken", async (_, mode) => {
    const { client, hub, errors } = await start();
    hub.socket().open();
    hub.socket().say(welcome(3, mode));
    expect(errors).toMatchObject([{ code: "protocol", temporary: true }]);
    expect(client.status).toBe("reconnecting");
  });
});

describe("close codes", () => {
  const others = [1000, 1001, 1002, 1003, 1005, 1006, 1008, 1011, 1012, 1013, 3000, 3999, 5000];
  test.each([...others, ...range(4000, 4006), 4100, 4499])("%d: comes back", async (code) => {
    const { client, hub, clock, errors } = await live({ a: 1 });
    hub.socket().end(code);
    expect(client.status).toBe("reconnecting");
    expect(errors).toEqual([]);
    nextSocket(hub, clock);
    expect(hub.sockets.length).toBe(2);
    expect(client.number("a", 0)).toBe(1);
  });

  test.each([...range(4500, 4504), 4505, 4999])("%d: says so, and comes back later", async (code) => {
    const { client, hub, clock, errors, statuses } = await live({ a: 1 });
    hub.socket().end(code);
    expect(statuses).toEqual(["live", "stopped"]);
    expect(errors).toEqual([{ code, message: "refused", temporary: false }]);
    expect(nextSocket(hub, clock)).toBe(7_500);
    expect(client.number("a", 0)).toBe(1);
    expect(statuses).toEqual(["live", "stopped"]);
    goLive({ hub }, 2, { a: 2 });
    expect(statuses).toEqual(["live", "stopped", "live"]);
    expect(client.number("a", 0)).toBe(2);
  });

  test("a refused client can be closed", async () => {
    const { client, hub, clock } = await live();
    hub.socket().end(4502);
    client.close();
    expect(client.status).toBe("closed");
    expect(clock.pending()).toBe(0);
  });

  test("the hub's reason is the error's message", async () => {
    const { hub, errors } = await live();
    hub.socket().end(4503, "origin https://x.test is not allowed");
    expect(errors[0]?.message).toBe("origin https://x.test is not allowed");
  });

  test("4004 asks for a snapshot instead of resuming", async () => {
    const { hub, clock } = await live({ a: 1 });
    hub.socket().end(4004);
    nextSocket(hub, clock);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toBeNull();
  });
});

describe("backing off", () => {
  test("waits a random time under a ceiling that doubles to twenty seconds", () => {
    const almostOne = () => 0.999999;
    const ceilings = Array.from({ length: 9 }, (_, attempt) => Math.round(backoff(attempt, almostOne)));
    expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 16000, 20000, 20000, 20000]);
    expect(backoff(4, () => 0)).toBe(0);
    expect(backoff(5000, () => 0.5)).toBe(10_000);
  });

  test("grows while connections fail, also after a WELCOME", async () => {
    const { hub, clock } = await start();
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      hub.socket().open();
      hub.socket().say(welcome(1, 2));
      hub.socket().end(1006);
      waits.push(nextSocket(hub, clock));
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000]);
  });

  test("begins anew once a connection has stayed up for a minute", async () => {
    const { hub, clock } = await start();
    for (let i = 0; i < 6; i++) {
      hub.socket().end(1006);
      nextSocket(hub, clock);
    }
    hub.socket().open();
    hub.socket().say(welcome(1, 2, { heartbeat: 3600 }));
    hub.socket().say(snapshot(1, {}));
    clock.advance(STABLE_MS);
    hub.socket().end(1006);
    expect(nextSocket(hub, clock)).toBe(250);
  });
});

describe("bad frames", () => {
  const malformed: [string, unknown][] = [
    ["text", "hello"],
    ["text that looks like a length", "2000000000"],
    ["no bytes", new ArrayBuffer(0)],
    ["something that is not bytes", {}],
    ["bytes that are not MessagePack", bytes([0xc1])],
    ["no array", bytes([0x01])],
    ["an empty array", bytes([0x90])],
    ["a type that is not a number", bytes([0x91, 0xa1, 0x61])],
  ];
  test.each(malformed)("%s: drops the socket, keeps the values, asks for a snapshot", async (_, data) => {
    const { client, hub, clock, errors } = await live({ a: 1 });
    hub.socket().message(data);
    expect(errors).toMatchObject([{ code: "protocol", temporary: true }]);
    expect(hub.socket().closedWith).toBe(4004);
    expect(client.status).toBe("reconnecting");
    expect(client.number("a", 0)).toBe(1);
    nextSocket(hub, clock);
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toBeNull();
    goLive({ hub }, 2, { a: 2 });
    expect(client.number("a", 0)).toBe(2);
  });

  const wrong: [string, unknown[]][] = [
    ["WELCOME without a heartbeat", [16, "c", EPOCH, 1, 2]],
    ["WELCOME of an unknown mode", [16, "c", EPOCH, 1, 3, 25]],
    ["WELCOME whose epoch is a number", [16, "c", 5, 1, 2, 25]],
    ["SNAPSHOT without flags", [17, 2]],
    ["SNAPSHOT whose flags are a list", [17, 2, [], null]],
    ["SNAPSHOT of a negative version", [17, -2, {}, null]],
    ["SNAPSHOT with a flag that is not a tuple", [17, 2, { a: true }, null]],
    ["SNAPSHOT with a flag without a version", [17, 2, { a: [true, "on", "STATIC"] }, null]],
    ["SNAPSHOT with a flag whose reason is a number", [17, 2, { a: [true, "on", 1, 1] }, null]],
    ["SNAPSHOT of rules", [17, 2, { a: { type: "boolean", enabled: true } }, {}]],
    [
      "DELTA with one good flag and one bad",
      [18, null, 2, 5, { a: [9, "v", "STATIC", 2], b: [] }, [], null, null],
    ],
    ["DELTA without a version", [18, null, null, 5, {}, [], null, null]],
    ["DELTA whose deleted flags are numbers", [18, null, 2, 5, {}, [1], null, null]],
    ["DELTA cut short", [18, null, 2, 5]],
    ["ERROR without its code", [20]],
    ["GOAWAY without its times", [21, 5]],
  ];
  test.each(wrong)("%s: drops the socket and applies nothing of it", async (_, frame) => {
    const { client, hub, errors } = await live({ a: 1 });
    hub.socket().say(frame);
    expect(errors).toMatchObject([{ code: "protocol", temporary: true }]);
    expect(client.status).toBe("reconnecting");
    expect(client.allFlags()).toEqual({ a: 1 });
    expect(client.version).toBe(1);
  });

  test("messages of a type from tomorrow, and elements past the known ones, are ignored", async () => {
    const { client, hub, errors } = await live({ a: 1 });
    hub.socket().say([77, "whatever"]);
    hub.socket().say([19, "batch", "more"]);
    hub.socket().say([...delta(2, { a: 2 }), "more", 5]);
    expect(errors).toEqual([]);
    expect(client.number("a", 0)).toBe(2);
    expect(client.status).toBe("live");
  });

  test("nothing that a dropped socket still says is heard", async () => {
    const { client, hub } = await live({ a: 1 });
    const old = hub.socket();
    const { onmessage } = old;
    old.message("broken");
    expect(onmessage).not.toBeNull();
    expect(old.onmessage).toBeNull();
    old.say(snapshot(5, { a: 5 }));
    old.end(4501);
    expect(client.number("a", 0)).toBe(1);
    expect(client.status).toBe("reconnecting");
  });
});

describe("ERROR", () => {
  test("is told, and the stream goes on", async () => {
    const { client, hub, errors } = await live({ a: 1 });
    hub.socket().say([20, "context_invalid", "targetingKey must be a string", false]);
    expect(errors).toEqual([
      { code: "context_invalid", message: "targetingKey must be a string", temporary: false },
    ]);
    hub.socket().say(delta(2, { a: 2 }));
    expect(client.number("a", 0)).toBe(2);
    expect(client.status).toBe("live");
  });
});

describe("heartbeats", () => {
  test("a PING is answered with ALIVE", async () => {
    const { hub } = await live();
    hub.socket().say([22]);
    expect(hub.socket().take()).toEqual([[4]]);
  });

  test("silence of two and a half heartbeats is loss", async () => {
    const { hub, clock, statuses } = await live();
    clock.advance(62_499);
    expect(statuses).toEqual(["live"]);
    clock.advance(1);
    expect(statuses).toEqual(["live", "reconnecting"]);
    expect(hub.socket().closedWith).toBe(4001);
  });

  test("anything heard counts", async () => {
    const { hub, clock, client } = await live({ a: 1 });
    for (let i = 2; i < 30; i++) {
      clock.advance(40_000);
      hub.socket().say(i % 2 ? [22] : delta(i, { a: i }));
    }
    expect(client.status).toBe("live");
    clock.advance(62_500);
    expect(client.status).toBe("reconnecting");
  });

  test("follow the interval that the hub tells", async () => {
    const { client, hub, clock } = await start();
    hub.socket().open();
    hub.socket().say(welcome(1, 2, { heartbeat: 2 }));
    hub.socket().say(snapshot(1, {}));
    clock.advance(4999);
    expect(client.status).toBe("live");
    clock.advance(1);
    expect(client.status).toBe("reconnecting");
  });

  test("are not waited for from a hub that has none", async () => {
    const { client, hub, clock } = await start();
    hub.socket().open();
    hub.socket().say(welcome(1, 2, { heartbeat: 0 }));
    hub.socket().say(snapshot(1, {}));
    clock.advance(100_000_000);
    expect(client.status).toBe("live");
  });
});

describe("GOAWAY", () => {
  test("keeps the socket until the hub closes it, then waits the told time instead of backing off", async () => {
    const { client, hub, clock } = await live({ a: 1 });
    hub.socket().say([21, 2000, 10_000]);
    expect(client.status).toBe("live");
    clock.advance(1000);
    hub.socket().say(delta(2, { a: 2 }));
    expect(client.number("a", 0)).toBe(2);
    hub.socket().end(4000);
    expect(client.status).toBe("reconnecting");
    clock.advance(4999);
    expect(hub.sockets.length).toBe(1);
    clock.advance(1);
    expect(hub.sockets.length).toBe(2);
  });

  test("is obeyed also where the hub never closes", async () => {
    const { client, hub, clock } = await live({ a: 1 });
    const old = hub.socket();
    old.say([21, 2000, 10_000]);
    clock.advance(6000);
    expect(old.closedWith).toBe(1000);
    expect(hub.sockets.length).toBe(2);
    expect(client.status).toBe("reconnecting");
    hub.socket().open();
    expect(hub.socket().take()[0]?.[2]).toEqual([EPOCH, 1]);
  });

  test("spreads clients evenly between the two times", async () => {
    for (const [random, wait] of [
      [0, 1000],
      [0.25, 2000],
      [0.999, 4996],
    ] as const) {
      const { hub, clock } = await live({}, { random: () => random });
      hub.socket().say([21, 1000, 5000]);
      hub.socket().end(4000);
      expect(nextSocket(hub, clock)).toBe(wait);
    }
  });

  test("that comes again counts anew", async () => {
    const { hub, clock } = await live();
    hub.socket().say([21, 1000, 1000]);
    hub.socket().say([21, 4000, 4000]);
    hub.socket().end(4000);
    expect(nextSocket(hub, clock)).toBe(4000);
  });

  test("is believed for five minutes at most", async () => {
    const { hub, clock } = await live();
    hub.socket().say([21, 2 ** 40, 2 ** 41]);
    hub.socket().end(4000);
    expect(nextSocket(hub, clock)).toBe(MAX_GOAWAY_MS);
  });

  test("no longer counts after a refusal", async () => {
    const { client, hub, clock } = await live();
    hub.socket().say([21, 1000, 5000]);
    hub.socket().end(4502);
    expect(client.status).toBe("stopped");
    expect(nextSocket(hub, clock)).toBe(7_500);
  });

  test("holds for one reconnect: what fails after it backs off", async () => {
    const { hub, clock } = await live();
    hub.socket().say([21, 4000, 4000]);
    hub.socket().end(4000);
    expect(nextSocket(hub, clock)).toBe(4000);
    hub.socket().end(1006);
    expect(nextSocket(hub, clock)).toBe(500);
  });
});

test("many losses leave one socket and no forgotten timer", async () => {
  const { client, hub, clock } = await live({ a: 1 });
  for (let i = 0; i < 50; i++) {
    if (i % 5 === 0) hub.socket().say([21, 100, 200]);
    hub.socket().end(1006);
    nextSocket(hub, clock);
    goLive({ hub }, i + 2, { a: i });
    await turn();
  }
  expect(hub.sockets.filter(({ onmessage }) => onmessage).length).toBe(1);
  client.close();
  expect(clock.pending()).toBe(0);
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function bytes(values: number[]): ArrayBuffer {
  return Uint8Array.from(values).buffer;
}
