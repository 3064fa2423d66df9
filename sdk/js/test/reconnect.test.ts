// Runs sdk/conformance/reconnect on the clients of both kinds of key; its README.md says how.
import { describe, expect, test } from "vitest";
import { SDK } from "../src/version.js";
import { KEY, start } from "./support/client.js";
import { conformanceFiles } from "./support/conformance.js";
import type { FakeSocket } from "./support/hub.js";
import { SERVER_KEY, startServer } from "./support/server.js";

type Values = Record<string, number>;

type Step = Partial<{
  connect: [from: number, to: number];
  accept: true;
  refuse: true;
  hello: unknown;
  expect: unknown[];
  send: unknown[];
  sendHex: string;
  snapshot: [version: number, values: Values];
  delta: [from: number, to: number, values: Values];
  close: number;
  dropped: true;
  pass: number;
  status: string;
  version: number;
  value: [flag: string, value: number | null];
}>;

interface Script {
  readonly name: string;
  readonly only?: string;
  readonly steps: readonly Step[];
}

interface File {
  /** Released scripts that a later decision contradicts, with what replaces each. */
  readonly supersedes?: Record<string, string>;
  readonly scripts: readonly Script[];
}

const files = conformanceFiles<File>("reconnect");
const replaced = Object.assign({}, ...files.map(([, { supersedes }]) => supersedes)) as Record<
  string,
  string
>;

/** One kind of client, and how the hub says things to it. */
interface Kind {
  start(): ReturnType<typeof start> | ReturnType<typeof startServer>;
  readonly hello: (resume: unknown) => unknown[];
  flag(value: number, version: number): unknown;
  snapshot(version: number, flags: object): unknown[];
  delta(from: number, to: number, flags: object): unknown[];
}

const KINDS: Record<string, Kind> = {
  client: {
    start: () => start({ usage: false }),
    hello: (resume) => [0, KEY, resume, { targetingKey: "user-1" }, SDK],
    flag: (value, version) => [value, "v", "STATIC", version],
    snapshot: (version, flags) => [17, version, flags, null],
    delta: (_, to, flags) => [18, null, to, 1, flags, [], null, null],
  },
  server: {
    start: () => startServer({ usage: false }),
    hello: (resume) => [0, SERVER_KEY, resume, null, SDK],
    flag: (value, version) => ({
      type: "number",
      enabled: true,
      variations: { v: value },
      fallthrough: { variation: "v" },
      version,
    }),
    snapshot: (version, flags) => [17, version, flags, {}],
    delta: (from, to, flags) => [18, from, to, 1, flags, [], {}, []],
  },
};

async function run(kind: Kind, steps: readonly Step[]): Promise<void> {
  const { client, hub, clock } = await kind.start();
  const detail = client.detail as (key: string, defaultValue: null) => { value: unknown };
  /** How many sockets the script has met, and what they have sent that no step has expected yet. */
  let met = 0;
  const sent: unknown[][] = [];
  const socket = (): FakeSocket => hub.socket();
  const listen = (): void => void (met > 0 && sent.push(...socket().take()));
  const quiet = (): void => expect(sent).toEqual([]);
  const flags = (values: Values, version: number) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, kind.flag(value, version)]));

  const does: { [Name in keyof Required<Step>]: (argument: Required<Step>[Name]) => void } = {
    connect([from, to]) {
      let waited = 0;
      for (; hub.sockets.length === met && waited <= to; waited++) clock.advance(1);
      met++;
      expect(hub.sockets.length).toBe(met);
      expect(waited).toBeGreaterThanOrEqual(from);
      expect(waited).toBeLessThanOrEqual(to);
    },
    accept: () => socket().open(),
    refuse: () => socket().end(1006),
    hello: (resume) => expect(sent.shift()).toEqual(kind.hello(resume)),
    expect: (frame) => expect(sent.shift()).toEqual(frame),
    send: (frame) => socket().say(frame),
    sendHex: (hex) => socket().bytes(Uint8Array.from(Buffer.from(hex, "hex"))),
    snapshot: ([version, values]) => socket().say(kind.snapshot(version, flags(values, version))),
    delta: ([from, to, values]) => socket().say(kind.delta(from, to, flags(values, to))),
    close: (code) => socket().end(code),
    dropped: () => expect(socket().closedWith).toBeDefined(),
    pass(millis) {
      clock.advance(millis);
      expect(hub.sockets.length).toBe(met);
    },
    status: (status) => expect(client.status).toBe(status),
    version: (version) => expect(client.version).toBe(version),
    value: ([flag, value]) => expect(detail(flag, null).value).toBe(value),
  };
  /** What answers something said must have been expected before anything else is done. */
  const answers = new Set(["hello", "expect", "status", "version", "value", "dropped"]);

  for (const step of steps) {
    const [[name, argument]] = Object.entries(step) as [[keyof Step, never]];
    if (!answers.has(name)) quiet();
    does[name](argument);
    listen();
  }
  quiet();
  await client.close();
}

describe.each(Object.entries(KINDS))("%s key", (name, kind) => {
  describe.each(files)("%s", (_, { scripts }) => {
    const mine = scripts.filter(({ only }) => only === undefined || only === name);
    const own = mine.filter((script) => !(script.name in replaced));
    test.each(own.map((script) => [script.name, script.steps] as const))("%s", (_name, steps) =>
      run(kind, steps),
    );
  });
});

test("the scripts are there, under names of their own", () => {
  const names = files.flatMap(([, { scripts }]) => scripts.map((script) => script.name));
  expect(names.length).toBeGreaterThan(40);
  expect(new Set(names).size).toBe(names.length);
  for (const [old, now] of Object.entries(replaced))
    expect(names).toEqual(expect.arrayContaining([old, now]));
});
