import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { flagsQuery, keys } from "@/api/queries";
import type { Connections, Flag, TenantEvent } from "@/api/types";
import { applyEvent, catchUp, watchReads } from "./apply-event";
import { expectEcho, forgetVersions } from "./echoes";
import { targetingId } from "./ids";

const scope = { org: "acme", project: "shop" };

function holding(...queries: (readonly unknown[])[]) {
  const client = new QueryClient();
  for (const key of queries) client.setQueryData(key, { held: true });
  const stale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated ?? false;
  return { client, stale };
}

function flagNamed(key: string, name = key): Flag {
  return {
    id: key,
    key,
    name,
    archivedAt: null,
    tags: [],
    type: "boolean",
    environments: {},
  } as unknown as Flag;
}

/** What the hub holds, and which flags it was asked for. */
let held = new Map<string, Flag>();
let asked: string[] = [];

vi.mock("@/api/flags", async (original) => ({
  ...(await original<typeof import("@/api/flags")>()),
  getFlag: ({ flag }: { flag: string }) => {
    asked.push(flag);
    const found = held.get(flag);
    return found ? Promise.resolve(found) : Promise.reject(new Problem(404, {}));
  },
}));

beforeEach(() => {
  held = new Map();
  asked = [];
  forgetVersions();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("applyEvent", () => {
  const list = flagsQuery(scope).queryKey;
  const event = (version: number, ...flags: string[]): TenantEvent => ({
    kind: "flags",
    project: "shop",
    environment: "staging",
    version,
    flags,
    segments: [],
  });

  /** A client that holds a list of the flags, and what it asks of the hub. */
  function listing(...flagKeys: string[]) {
    const { client, stale } = holding(keys.audit("acme"));
    client.setQueryData(list, {
      pages: [{ items: flagKeys.map((key) => flagNamed(key)), nextCursor: null }],
      pageParams: [undefined],
    });
    const shown = () => client.getQueryData(list)?.pages.flatMap((page) => page.items) ?? [];
    return { client, stale, shown };
  }

  it("reads only the flag that changed, and patches it where it is listed", async () => {
    const { client, stale, shown } = listing("a", "b");
    const [, other] = shown();
    held.set("a", flagNamed("a", "Renamed"));
    applyEvent(client, "acme", event(2, "a"));
    await vi.waitFor(() => expect(shown().map(({ name }) => name)).toEqual(["Renamed", "b"]), 20_000);
    expect(shown()[1]).toBe(other);
    expect(asked).toEqual(["a"]);
    expect(stale(list)).toBe(false);
    expect(stale(keys.audit("acme"))).toBe(true);
  });

  it("takes no list for fresh that was on its way when a flag changed", async () => {
    const { client, stale } = listing("a");
    held.set("a", flagNamed("a", "Renamed"));
    const old = client.getQueryData(list);
    let answer = (_: typeof old) => {};
    const request = client.fetchQuery({
      queryKey: list,
      queryFn: () => new Promise<typeof old>((resolve) => (answer = resolve)),
    });
    applyEvent(client, "acme", event(2, "a"));
    await vi.waitFor(() => expect(asked).toEqual(["a"]), 20_000);
    answer(old);
    await request;
    await vi.waitFor(() => expect(stale(list)).toBe(true), 20_000);
  });

  it("leaves a list out of date when it patches one of its flags", async () => {
    const { client, stale, shown } = listing("a");
    held.set("a", flagNamed("a", "Renamed"));
    await client.invalidateQueries({ queryKey: list });
    applyEvent(client, "acme", event(2, "a"));
    await vi.waitFor(() => expect(shown().map(({ name }) => name)).toEqual(["Renamed"]), 20_000);
    expect(stale(list)).toBe(true);
  });

  it("asks nothing for the echo of this page's own change", () => {
    const { client, stale } = listing("a");
    expectEcho(targetingId("shop", "a", "staging"));
    applyEvent(client, "acme", event(2, "a"));
    vi.runAllTimers();
    expect(asked).toEqual([]);
    expect(stale(keys.audit("acme"))).toBe(false);
  });

  it("reads the flag where somebody else's change may hide behind this page's own", async () => {
    const { client } = listing("a");
    held.set("a", flagNamed("a"));
    applyEvent(client, "acme", event(2));
    expectEcho(targetingId("shop", "a", "staging"));
    applyEvent(client, "acme", event(4, "a"));
    await vi.waitFor(() => expect(asked).toEqual(["a"]), 20_000);
  });

  it("answers one change that comes as an event for each environment with one request", async () => {
    const { client } = listing("a");
    held.set("a", flagNamed("a"));
    for (const environment of ["development", "staging", "production"]) {
      applyEvent(client, "acme", { ...event(2, "a"), environment } as TenantEvent);
    }
    await vi.waitFor(() => expect(asked).toEqual(["a"]), 20_000);
    vi.runAllTimers();
    expect(asked).toEqual(["a"]);
  });

  it("takes a flag that was deleted from the lists", async () => {
    const { client, shown } = listing("a", "b");
    applyEvent(client, "acme", event(2, "a"));
    await vi.waitFor(() => expect(shown().map(({ key }) => key)).toEqual(["b"]), 20_000);
  });

  it("reads the lists anew for a flag that they do not have yet, and nothing of other projects", () => {
    const { client, stale } = listing("a");
    const elsewhere = [...keys.flags({ ...scope, project: "blog" }), {}];
    client.setQueryData(elsewhere, {});
    applyEvent(client, "acme", event(2, "new"));
    vi.runAllTimers();
    expect([list, elsewhere].map(stale)).toEqual([true, false]);
  });

  it("reads anew what was asked for before the stream was open, and nothing else", async () => {
    const { client, stale } = listing();
    watchReads(client);
    const read = (key: string) =>
      client.fetchQuery({ queryKey: [...keys.organization("acme"), key], queryFn: () => key });
    vi.setSystemTime(1000);
    await read("before");
    vi.setSystemTime(2000);
    await read("after");
    catchUp(client, "acme", 1500);
    expect(["before", "after"].map((key) => stale([...keys.organization("acme"), key]))).toEqual([
      true,
      false,
    ]);
  });

  it("refreshes all of the organization and nothing of another where events may have been missed", () => {
    const flags = [...keys.flags(scope), {}];
    const named = keys.project({ org: "acme", project: "flags" });
    const held = [keys.projects("acme"), keys.session, flags, named, keys.flag({ ...scope, flag: "a" })];
    const { client, stale } = holding(...held, keys.projects("other"));
    applyEvent(client, "acme", { kind: "organization", revision: 3 });
    expect(held.map(stale)).toEqual(held.map(() => true));
    expect(stale(keys.projects("other"))).toBe(false);
  });

  it("shows connections at once, before they are read anew", () => {
    const place = { ...scope, environment: "staging" };
    const { client } = holding();
    const before: Connections = { server: 0, client: 0, sdks: [], streamUrl: "ws://hub" };
    client.setQueryData(keys.connections(place), before);
    applyEvent(client, "acme", {
      kind: "connections",
      project: "shop",
      environment: "staging",
      server: 1,
      client: 2,
    });
    expect(client.getQueryData(keys.connections(place))).toEqual({ ...before, server: 1, client: 2 });
  });
});
