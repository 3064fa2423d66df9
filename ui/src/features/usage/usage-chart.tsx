import type { KeyboardEvent } from "react";
import { Suspense, useMemo, useState } from "react";
import type { ChartMarker } from "@/components/chart/bar-chart";
import { PartBoundary } from "@/components/part-boundary";
import { Skeleton } from "@/components/ui/skeleton";
import { number } from "@/lib/language/format";
import { lazyPart } from "@/lib/lazy-part";
import type { Bucket } from "./buckets";
import { messages } from "./messages";

const BarChart = lazyPart(() => import("@/components/chart/bar-chart"), "BarChart");

export interface Shown {
  key: string;
  name: string;
  color: string;
}

export interface UsageChartProps {
  label: string;
  buckets: readonly Bucket[];
  /** In the order of the buckets' counts. */
  series: readonly Shown[];
  /** When the flag was changed. */
  markers: readonly ChartMarker[];
  /** Buckets are days, which are counted in UTC. */
  daily: boolean;
  nameOf: (bucket: Bucket) => string;
}

/**
 * Bars over time, each series a part of a bar. What the bars show is also said in words: of the bar that is pointed at, or
 * that the arrow keys have come to.
 */
export function UsageChart({ label, buckets, series, markers, daily, nameOf }: UsageChartProps) {
  const [chosen, choose] = useState<number | null>(null);
  const last = buckets.length - 1;
  const place = Math.min(chosen ?? last, last);
  const bucket = buckets[place];
  const inWords = bucket ? messages.bar({ time: nameOf(bucket), evaluations: words(bucket, series) }) : "";
  const times = useMemo(() => buckets.map(({ from }) => from), [buckets]);
  const parts = useMemo(
    () =>
      series.map(({ key, color }, index) => ({
        key,
        color,
        values: buckets.map(({ counts }) => counts[index] ?? 0),
      })),
    [series, buckets],
  );
  const press = (event: KeyboardEvent) => {
    const to = {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      PageUp: place - 24,
      PageDown: place + 24,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(last, Math.max(0, to)));
  };
  return (
    <div>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, place)}
        aria-valuetext={inWords}
        onKeyDown={press}
        className="relative touch-pan-y rounded-sm"
      >
        <PartBoundary onMissing={() => {}}>
          <Suspense
            fallback={
              <div aria-busy>
                <Skeleton className="h-52" />
              </div>
            }
          >
            <BarChart
              times={times}
              series={parts}
              markers={markers}
              utc={daily}
              chosen={chosen}
              onChoose={choose}
            />
          </Suspense>
        </PartBoundary>
        {chosen !== null && bucket && (
          <Tooltip
            title={nameOf(bucket)}
            bucket={bucket}
            series={series}
            left={`${((place + 0.5) / buckets.length) * 100}%`}
            onRight={place < buckets.length / 2}
          />
        )}
      </div>
      {markers.length > 0 && <p className="mt-1 text-xs text-muted">{messages.markers(markers.length)}</p>}
    </div>
  );
}

interface TooltipProps {
  title: string;
  bucket: Bucket;
  series: readonly Shown[];
  left: string;
  /** On which side of the bar there is room. */
  onRight: boolean;
}

function Tooltip({ title, bucket, series, left, onRight }: TooltipProps) {
  return (
    <div
      aria-hidden
      style={{ left }}
      className={`pointer-events-none absolute top-1 z-10 min-w-40 rounded-md border bg-float px-2.5 py-2 text-xs shadow-float ${onRight ? "ml-3" : "-ml-3 -translate-x-full"}`}
    >
      <p className="mb-1 font-medium whitespace-nowrap">{title}</p>
      {series.map(({ key, name, color }, index) => (
        <p key={key} className="flex items-center gap-1.5 whitespace-nowrap text-muted">
          <span className="size-2 rounded-[2px]" style={{ background: color }} />
          <span className="mr-3 flex-1">{name}</span>
          <span className="font-medium text-ink">{number(bucket.counts[index] ?? 0)}</span>
        </p>
      ))}
    </div>
  );
}

function words(bucket: Bucket, series: readonly Shown[]): string {
  if (bucket.total === 0) return messages.noEvaluations;
  const parts = bucket.counts.flatMap((count, index) => {
    const name = series[index]?.name;
    return count > 0 && name !== undefined ? [messages.part({ series: name, count })] : [];
  });
  const { total: count } = bucket;
  if (parts.length > 1) return messages.ofWhich({ count, parts: parts.join(", ") });
  const only = series.find((_, index) => bucket.counts[index]);
  return messages.allOf({ count, series: only?.name ?? "" });
}
