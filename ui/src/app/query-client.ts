import type {
  InvalidateOptions,
  InvalidateQueryFilters,
  QueryFilters,
  QueryKey,
} from "@tanstack/react-query";
import { MutationCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem";
import { outdateUnderWay } from "@/api/under-way";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** What is read anew, where it is shown, once the mutation has succeeded. */
      invalidates?: readonly QueryKey[];
      /** The same, for what must have been read before the mutation's own `onSuccess` goes on: to a new item's page. */
      awaits?: readonly QueryKey[];
    };
  }
}

/**
 * A client whose answers are never older than the last change. The library cancels requests that are on the way when
 * something changes only where their answers are shown; elsewhere an old answer would arrive as fresh.
 */
class HubQueryClient extends QueryClient {
  override invalidateQueries<Key extends QueryKey>(
    filters?: InvalidateQueryFilters<Key>,
    options?: InvalidateOptions,
  ): Promise<void> {
    outdateUnderWay(this, filters as QueryFilters);
    return super.invalidateQueries(filters, options);
  }
}

/**
 * The event stream says when something changed, so what has been read stays fresh until it does.
 *
 * Requests are always sent, even when the browser believes to be offline: a hub on this machine still answers, and any
 * other fails at once. With the library's default a change made offline would look done and be sent minutes later.
 */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new HubQueryClient({
    mutationCache: new MutationCache({
      onSuccess: async (_data, _variables, _result, mutation) => {
        const { invalidates = [], awaits = [] } = mutation.meta ?? {};
        const read = (queryKey: QueryKey) => client.invalidateQueries({ queryKey });
        for (const queryKey of invalidates) void read(queryKey);
        await Promise.all(awaits.map(read));
      },
    }),
    defaultOptions: {
      queries: {
        networkMode: "always",
        refetchOnReconnect: false,
        staleTime: 60_000,
        retry: (failures, error) =>
          failures < 2 && (!(error instanceof Problem) || error.status === 0 || error.status >= 500),
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}
