import { useEffect } from "react";
import type { MoreQuery } from "./more-button";

/** What has been read of a list so far. */
export function itemsOf<T>(data: { pages: { items: T[] }[] } | undefined): T[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/** Reads on until the list is whole, for what one chooses from or counts. */
export function useEveryPage({ hasNextPage, isFetchingNextPage, fetchNextPage }: MoreQuery): void {
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
}
