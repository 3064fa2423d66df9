import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem";

/** The event stream says when something changed, so what has been read stays fresh until it does. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        retry: (failures, error) =>
          failures < 2 && (!(error instanceof Problem) || error.status === 0 || error.status >= 500),
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
    },
  });
}
