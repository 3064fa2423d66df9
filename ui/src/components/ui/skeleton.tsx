import { cn } from "@/lib/cn";
import { messages } from "../messages";

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("h-4 animate-pulse-soft rounded-md bg-raised", className)} />;
}

export interface ListSkeletonProps {
  rows?: number;
  label?: string;
  className?: string;
}

/** Rows in the shape of a list that is on its way. */
export function ListSkeleton({ rows = 6, label = messages.loading, className }: ListSkeletonProps) {
  return (
    <div role="status" aria-label={label} className={cn("divide-y rounded-lg border bg-panel", className)}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className="flex items-center gap-4 px-4 py-3.5">
          <div className="flex-1 space-y-2">
            <Skeleton className="h-3.5 w-44" />
            <Skeleton className="h-3 w-64 max-w-full" />
          </div>
          <Skeleton className="h-4.5 w-8 rounded-full" />
          <Skeleton className="hidden h-4.5 w-8 rounded-full sm:block" />
        </div>
      ))}
    </div>
  );
}
