import type { QueryClient, QueryFilters } from "@tanstack/react-query";

/** Requests whose answers will be out of date. */
const overtaken = new WeakSet<Promise<unknown>>();

/**
 * Has answers count as out of date on arrival when their requests are on the way now: they may be older than what just
 * changed. What is shown is then requested again.
 */
export function outdateUnderWay(client: QueryClient, filters: QueryFilters = {}): void {
  for (const query of client.getQueryCache().findAll({ ...filters, fetchStatus: "fetching" })) {
    const request = query.promise;
    if (!request || overtaken.has(request)) continue;
    overtaken.add(request);
    const arrived = () => client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    request.then(arrived, () => {});
  }
}
