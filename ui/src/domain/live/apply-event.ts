import type { Query, QueryClient } from "@tanstack/react-query";
import { dropFlag, holdFlag, holdSegment, isFlagListed, isSegmentListed, patchHeld } from "@/api/held";
import { Problem } from "@/api/problem";
import type { ProjectScope } from "@/api/projects";
import { flagQuery, keys, projectQuery, segmentQuery, tagsQuery } from "@/api/queries";
import type { Connections, TenantEvent } from "@/api/types";
import { outdateUnderWay } from "@/api/under-way";
import { flash } from "@/lib/flashes";
import { forgetVersions, isNextVersion, takeEcho } from "./echoes";
import { flagId, segmentId, targetingId } from "./ids";

type FlagsEvent = Extract<TenantEvent, { kind: "flags" }>;

/** Beyond this many flags in one event, reading the lists anew is cheaper than reading each flag. */
const MOST_READ_ALONE = 4;
/** A change of a flag's definition comes as an event for each environment: they are answered with one request. */
const GATHERED_MS = 40;

function refresh(client: QueryClient, queryKey: readonly unknown[]): void {
  void client.invalidateQueries({ queryKey });
}

/** Brings what the page holds up to what an event says has changed. */
export function applyEvent(client: QueryClient, org: string, event: TenantEvent): void {
  switch (event.kind) {
    case "flags":
      applyFlags(client, org, event);
      return;
    // Follows where events were missed: anything may have changed, flags included.
    case "organization":
      forgetVersions();
      refresh(client, keys.session);
      refresh(client, keys.organization(org));
      return;
    case "connections": {
      const { server, client: browsers } = event;
      patchHeld<Connections>(client, { queryKey: keys.connections({ org, ...event }) }, (held) => ({
        ...held,
        server,
        client: browsers,
      }));
      refresh(client, keys.connections({ org, ...event }));
    }
  }
}

/** When each query was last asked for; the library only keeps when it was answered. */
const askedAt = new WeakMap<Query, number>();

/** Notes from now on when queries are asked for, for `catchUp`. */
export function watchReads(client: QueryClient): void {
  client.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "fetch") askedAt.set(event.query, Date.now());
  });
}

/** Reads anew what was asked for before the stream was open; everything later is newer than the stream. */
export function catchUp(client: QueryClient, org: string, openedAt: number): void {
  forgetVersions();
  const predicate = (query: Query) => (askedAt.get(query) ?? 0) < openedAt;
  void client.invalidateQueries({ queryKey: keys.session, predicate });
  void client.invalidateQueries({ queryKey: keys.organization(org), predicate });
}

function applyFlags(client: QueryClient, org: string, event: FlagsEvent): void {
  const { project, environment, version } = event;
  const scope = { org, project };
  const single = isNextVersion(`${org}/${project}/${environment}`, version);
  const isEcho = (id: string) => takeEcho(id) && single;
  const flags = event.flags.filter((flag) => !isEcho(targetingId(project, flag, environment)));
  for (const flag of flags) {
    flash(flagId(project, flag));
    refresh(client, keys.targeting({ ...scope, flag, environment }));
  }
  for (const segment of event.segments) flash(segmentId(project, segment));
  if (flags.length > MOST_READ_ALONE) {
    refresh(client, keys.flags(scope));
    for (const flag of flags) refresh(client, flagQuery({ ...scope, flag }).queryKey);
  } else {
    for (const flag of flags) soon(`flag ${org}/${project}/${flag}`, () => readFlag(client, scope, flag));
  }
  for (const segment of event.segments) {
    soon(`segment ${org}/${project}/${segment}`, () => readSegment(client, scope, segment));
  }
  if (flags.length + event.segments.length === 0) return;
  outdateUnderWay(client, { queryKey: keys.flags(scope) });
  outdateUnderWay(client, { queryKey: keys.segments(scope) });
  refresh(client, keys.audit(org));
  void client.invalidateQueries({
    queryKey: keys.project(scope),
    predicate: ({ queryKey }) => queryKey.at(-1) === "dependents",
  });
}

const waiting = new Set<string>();

function soon(id: string, read: () => Promise<void>): void {
  if (waiting.has(id)) return;
  waiting.add(id);
  setTimeout(() => {
    waiting.delete(id);
    void read();
  }, GATHERED_MS);
}

/** Reads one flag and shows it wherever it is held; reads the lists anew where it is new to them. */
async function readFlag(client: QueryClient, project: ProjectScope, key: string): Promise<void> {
  const scope = { ...project, flag: key };
  const query = flagQuery(scope);
  const held = client.getQueryState(query.queryKey) !== undefined;
  if (!held && !isFlagListed(client, scope)) {
    refresh(client, keys.flags(scope));
    refresh(client, projectQuery(scope).queryKey);
    return;
  }
  try {
    const flag = await client.fetchQuery({ ...query, staleTime: 0, retry: false });
    holdFlag(client, scope, flag);
    const tags = client.getQueryData(tagsQuery(scope).queryKey);
    if (tags && flag.tags.some((tag) => !tags.items.includes(tag)))
      refresh(client, tagsQuery(scope).queryKey);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) {
      // Its own page, where somebody is looking at it, says by itself that it is gone.
      if (client.isFetching({ queryKey: keys.flag(scope) }) === 0 && !isShown(client, keys.flag(scope))) {
        dropFlag(client, scope);
      }
      refresh(client, keys.flags(scope));
      refresh(client, projectQuery(scope).queryKey);
    } else {
      refresh(client, keys.flags(scope));
      refresh(client, query.queryKey);
    }
  }
}

function isShown(client: QueryClient, queryKey: readonly unknown[]): boolean {
  return client.getQueryCache().findAll({ queryKey, type: "active" }).length > 0;
}

async function readSegment(client: QueryClient, project: ProjectScope, key: string): Promise<void> {
  const scope = { ...project, segment: key };
  const query = segmentQuery(scope);
  const held = client.getQueryState(query.queryKey) !== undefined;
  if (!held && !isSegmentListed(client, scope)) {
    refresh(client, keys.segments(scope));
    refresh(client, projectQuery(scope).queryKey);
    return;
  }
  try {
    holdSegment(client, scope, await client.fetchQuery({ ...query, staleTime: 0, retry: false }));
  } catch {
    refresh(client, keys.segments(scope));
    refresh(client, query.queryKey);
    refresh(client, projectQuery(scope).queryKey);
  }
}
