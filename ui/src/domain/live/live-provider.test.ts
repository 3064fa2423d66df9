import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { keys } from "@/api/queries";
import type { Connections } from "@/api/types";
import { applyEvent } from "./live-provider";

const scope = { org: "acme", project: "shop" };

function holding(...queries: (readonly unknown[])[]) {
  const client = new QueryClient();
  for (const key of queries) client.setQueryData(key, { held: true });
  const stale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated ?? false;
  return { client, stale };
}

describe("applyEvent", () => {
  it("refreshes the flags that changed, their lists and the audit log, and nothing else", () => {
    const flag = keys.flag({ ...scope, flag: "a" });
    const other = keys.flag({ ...scope, flag: "b" });
    const elsewhere = keys.flags({ ...scope, project: "blog" });
    const list = [...keys.flags(scope), {}];
    const { client, stale } = holding(flag, other, list, elsewhere, keys.audit("acme"));
    applyEvent(client, "acme", {
      kind: "flags",
      project: "shop",
      environment: "staging",
      version: 2,
      flags: ["a"],
      segments: [],
    });
    expect([flag, list, keys.audit("acme")].map(stale)).toEqual([true, true, true]);
    expect([other, elsewhere].map(stale)).toEqual([false, false]);
  });

  it("refreshes all of the organisation and nothing of another where events may have been missed", () => {
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
