import { ListSkeleton, Skeleton } from "@/components/ui/skeleton";

/** What a page looks like in the moment before it is there. */
export function PageSkeleton() {
  return (
    <div aria-busy>
      <Skeleton className="mb-2 h-6 w-40" />
      <Skeleton className="mb-6 h-4 w-72 max-w-full" />
      <ListSkeleton />
    </div>
  );
}
