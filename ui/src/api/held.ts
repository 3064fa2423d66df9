import type { InfiniteData, QueryClient, QueryFilters, QueryState } from "@tanstack/react-query";
import type { FlagFilter, FlagScope, TargetingScope } from "./flags";
import type { ProjectScope } from "./projects";
import { flagQuery, keys, segmentQuery, targetingQuery } from "./queries";
import type { SegmentScope } from "./segments";
import type { Flag, Page, Segment, Targeting } from "./types";

// Writes one item that has changed into every query that holds it. Items that did not change keep their identity, so that
// their rows are not rendered again.

type List<T> = InfiniteData<Page<T>> | Page<T>;

/** Changes a part of what queries hold. The rest is as old as before, so what was out of date stays out of date. */
export function patchHeld<T>(
  client: QueryClient,
  filters: QueryFilters,
  change: (held: T) => T | undefined,
): void {
  for (const query of client.getQueryCache().findAll(filters)) {
    const { data, dataUpdatedAt: updatedAt, isInvalidated } = query.state as QueryState<T>;
    const changed = data && change(data);
    if (!changed || changed === data) continue;
    client.setQueryData(query.queryKey, changed, { updatedAt });
    if (isInvalidated) query.invalidate();
  }
}

function mapItems<T>(held: List<T>, change: (item: T) => T | null): List<T> {
  const mapPage = (page: Page<T>): Page<T> => {
    if (!Array.isArray(page.items)) return page;
    let touched = false;
    const items = page.items.flatMap((item) => {
      const next = change(item);
      touched ||= next !== item;
      return next === null ? [] : [next];
    });
    return touched ? { ...page, items } : page;
  };
  if (!("pages" in held)) return mapPage(held);
  const pages = held.pages.map(mapPage);
  return pages.some((page, index) => page !== held.pages[index]) ? { ...held, pages } : held;
}

function eachFlag(
  client: QueryClient,
  scope: ProjectScope,
  key: string,
  change: (flag: Flag) => Flag | null,
) {
  patchHeld<List<Flag>>(client, { queryKey: keys.flags(scope) }, (held) =>
    mapItems(held, (flag) => (flag.key === key ? change(flag) : flag)),
  );
}

/** Whether any list holds the flag, so that it can be patched there. */
export function isFlagListed(client: QueryClient, scope: FlagScope): boolean {
  return client
    .getQueriesData<List<Flag>>({ queryKey: keys.flags(scope) })
    .some(([, held]) => pagesOf(held).some((page) => page.items?.some((flag) => flag.key === scope.flag)));
}

function pagesOf<T>(held: List<T> | undefined): Page<T>[] {
  if (!held) return [];
  return "pages" in held ? held.pages : [held];
}

/** Whether a list that is filtered like this still contains the flag; its text search is left to the hub. */
function belongs(flag: Flag, { archived, type, tag }: FlagFilter): boolean {
  return (
    (archived === undefined || archived === (flag.archivedAt !== null)) &&
    (type === undefined || flag.type === type) &&
    (tag === undefined || flag.tags.includes(tag))
  );
}

/** Shows a flag's new state in its page and in every list that has it; takes it from lists that it no longer belongs to. */
export function holdFlag(client: QueryClient, scope: FlagScope, flag: Flag): void {
  client.setQueryData(flagQuery(scope).queryKey, flag);
  for (const [queryKey] of client.getQueriesData<List<Flag>>({ queryKey: keys.flags(scope) })) {
    const filter = queryKey.at(-1);
    const keep = typeof filter !== "object" || filter === null || belongs(flag, filter as FlagFilter);
    patchHeld<List<Flag>>(client, { queryKey, exact: true }, (held) =>
      mapItems(held, (item) => (item.key !== flag.key ? item : keep ? flag : null)),
    );
  }
}

/** Forgets a flag that no longer exists. */
export function dropFlag(client: QueryClient, scope: FlagScope): void {
  eachFlag(client, scope, scope.flag, () => null);
  client.removeQueries({ queryKey: keys.flag(scope) });
}

/** Shows a flag as on or off in one environment, wherever it is held. */
export function holdEnabled(client: QueryClient, scope: TargetingScope, enabled: boolean): void {
  const change = (flag: Flag) => withEnvironment(flag, scope.environment, { enabled });
  eachFlag(client, scope, scope.flag, change);
  patchHeld(client, { queryKey: flagQuery(scope).queryKey }, change);
  patchHeld<Targeting>(client, { queryKey: keys.targeting(scope) }, (held) => ({ ...held, enabled }));
}

/** Shows a targeting's new state in its page, and what lists say of it in short. */
export function holdTargeting(client: QueryClient, scope: TargetingScope, targeting: Targeting): void {
  const { enabled, version, updatedAt, rules, targets } = targeting;
  const short = {
    enabled,
    version,
    updatedAt,
    ruleCount: rules.length,
    targetCount: targets.reduce((sum, { values }) => sum + values.length, 0),
  };
  const change = (flag: Flag) => withEnvironment(flag, scope.environment, short);
  client.setQueryData(targetingQuery(scope).queryKey, targeting);
  eachFlag(client, scope, scope.flag, change);
  patchHeld(client, { queryKey: flagQuery(scope).queryKey }, change);
}

function withEnvironment(flag: Flag, environment: string, part: Partial<Flag["environments"][string]>): Flag {
  const state = flag.environments[environment];
  if (!state) return flag;
  return { ...flag, environments: { ...flag.environments, [environment]: { ...state, ...part } } };
}

/** Shows a segment's new state in its page and in every list that has it. */
export function holdSegment(client: QueryClient, scope: SegmentScope, segment: Segment): void {
  client.setQueryData(segmentQuery(scope).queryKey, segment);
  patchHeld<List<Segment>>(client, { queryKey: keys.segments(scope) }, (held) =>
    mapItems(held, (item) => (item.key === segment.key ? segment : item)),
  );
}

/** Whether any list holds the segment. */
export function isSegmentListed(client: QueryClient, scope: SegmentScope): boolean {
  return client
    .getQueriesData<List<Segment>>({ queryKey: keys.segments(scope) })
    .some(([, held]) => pagesOf(held).some((page) => page.items.some((item) => item.key === scope.segment)));
}
