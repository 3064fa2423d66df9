import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { messages } from "./messages";

export interface MoreQuery {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Reads the next page when it is scrolled to, or pressed. */
export function MoreButton({ query }: { query: MoreQuery }) {
  const place = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (!place.current || !hasNextPage || isFetchingNextPage) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage();
      },
      { rootMargin: "300px" },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <div ref={place} className="mt-3 flex justify-center">
      <Button look="ghost" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {messages.showMore}
      </Button>
    </div>
  );
}
