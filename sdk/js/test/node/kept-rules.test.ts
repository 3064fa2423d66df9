// Rules kept on disk: what a server starts from while its hub is away.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { settled, turn } from "../support/client.js";
import { EPOCH, welcome } from "../support/hub.js";
import { liveServer, rules, SERVER_KEY, startServer } from "../support/server.js";

const folder = mkdtempSync(join(tmpdir(), "peekaboo-kept-rules-"));
let path: string;
let count = 0;

beforeEach(() => {
  path = join(folder, String(count++), "rules.json");
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Keeps rules as a process that ran before has. */
async function keep(flags: Record<string, unknown>): Promise<void> {
  const { client } = await liveServer(
    flags,
    { beta: { included: ["u"] } },
    { usage: false, rulesFile: path },
  );
  await client.close();
}

test("a process that starts without its hub serves what the one before was given", async () => {
  await keep({ size: rules(7), beta: rules(true, { enabled: false }) });
  const bootstrap = { flags: { size: rules(1) } };
  const { client, hub, errors } = await startServer({ usage: false, rulesFile: path, bootstrap } as never);
  expect(await settled(client.ready())).toBe(true);
  expect(client.number("size", 0)).toBe(7);
  expect(client.version).toBe(1);
  expect(errors).toEqual([]);
  // It asks only for what it lacks.
  hub.socket().open();
  expect(hub.socket().take()[0]?.[2]).toEqual([EPOCH, 1]);
  hub.socket().say(welcome(2, 1));
  hub.socket().say([18, 1, 2, 5, { size: rules(8) }, ["beta"], {}, []]);
  expect(client.status).toBe("live");
  expect(client.number("size", 0)).toBe(8);
  await client.close();
  const written = JSON.parse(readFileSync(path, "utf8").split("\n")[1] ?? "");
  expect(written).toMatchObject({ epoch: EPOCH, version: 2, segments: { beta: {} } });
  expect(Object.keys(written.flags)).toEqual(["size"]);
});

test("changes are gathered for a second, and the file is replaced as a whole", async () => {
  const { client, hub, clock } = await liveServer({ size: rules(1) }, {}, { usage: false, rulesFile: path });
  for (const version of [2, 3]) {
    hub.socket().say([18, version - 1, version, 5, { size: rules(version) }, [], {}, []]);
  }
  expect(() => readFileSync(path)).toThrow("ENOENT");
  clock.advance(1_000);
  await vi.waitFor(() => expect(readFileSync(path, "utf8")).toContain('"version":3'), 20_000);
  expect(readdirSync(join(path, ".."))).toEqual(["rules.json"]);
  await client.close();
});

test.each([
  ["nonsense", (text: string) => text.slice(0, 40), "ignoring "],
  ["half a file", (text: string) => text.slice(0, -20), "is damaged"],
  ["another value", (text: string) => text.replace('"size"', '"sise"'), "is damaged"],
  [
    "another form",
    (text: string) => text.replace("peekaboo-rules-1", "peekaboo-rules-9"),
    "not a file of kept rules",
  ],
  ["nothing", () => "", "ignoring "],
])("a file that holds %s is ignored with an error", async (_, damage, message) => {
  await keep({ size: rules(7) });
  writeFileSync(path, damage(readFileSync(path, "utf8")));
  const { client, hub, errors } = await startServer({ usage: false, rulesFile: path });
  expect(client.number("size", 0)).toBe(0);
  expect(errors).toEqual([
    { code: "rules_file", message: expect.stringContaining(message), temporary: true },
  ]);
  expect(errors[0]?.message).toContain(path);
  // And it is replaced by what the hub gives.
  hub.socket().open();
  expect(hub.socket().take()[0]?.[2]).toBeNull();
  hub.socket().say(welcome(1, 2));
  hub.socket().say([17, 1, { size: rules(9) }, {}]);
  await client.close();
  expect(readFileSync(path, "utf8")).toContain('"v":9');
});

test("rules of another key are never served", async () => {
  await keep({ size: rules(7) });
  const { client, errors } = await startServer({ usage: false, rulesFile: path, key: `${SERVER_KEY}2` });
  expect(client.number("size", 0)).toBe(0);
  expect(errors[0]?.message).toContain("for another key");
  await client.close();
});

test("a file that cannot be written is an error, and nothing else", async () => {
  const { client, clock, errors } = await liveServer(
    { size: rules(7) },
    {},
    { usage: false, rulesFile: "/proc/none/rules.json" },
  );
  clock.advance(1_000);
  await vi.waitFor(() => expect(errors).toHaveLength(1), 20_000);
  expect(errors[0]).toMatchObject({ code: "rules_file", temporary: true });
  expect(client.number("size", 0)).toBe(7);
  await client.close();
  await turn();
});
