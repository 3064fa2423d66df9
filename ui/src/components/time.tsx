import { fullTime, timeAgo } from "@/lib/time";

/** A moment in words, with the exact time on hover. */
export function Time({ at, className }: { at: string; className?: string }) {
  return (
    <time dateTime={at} title={fullTime(at)} className={className}>
      {timeAgo(at)}
    </time>
  );
}
