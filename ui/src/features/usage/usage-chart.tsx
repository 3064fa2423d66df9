import type { KeyboardEvent, PointerEvent } from "react";
import { useState } from "react";
import type { Bucket } from "./buckets";
import { axisEnd } from "./buckets";

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
  nameOf: (bucket: Bucket) => string;
  /** The same in short, for the axis. */
  markOf: (bucket: Bucket) => string;
}

const WIDTH = 1000;
const HEIGHT = 220;
const LINES = [0, 0.5, 1];

/**
 * Bars over time, each series a part of a bar. Whatever the bars show is said in words beneath: of the bar that is pointed
 * at, or that the arrow keys have come to.
 */
export function UsageChart({ label, buckets, series, nameOf, markOf }: UsageChartProps) {
  const [chosen, choose] = useState<number | null>(null);
  const end = axisEnd(Math.max(0, ...buckets.map((bucket) => bucket.total)));
  const last = buckets.length - 1;
  const place = Math.min(chosen ?? last, last);
  const bucket = buckets[place];
  const step = WIDTH / Math.max(1, buckets.length);
  const gap = Math.min(step * 0.25, 6);
  const inWords = bucket ? `${nameOf(bucket)}: ${words(bucket, series)}` : "";

  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * buckets.length);
    choose(Math.min(last, Math.max(0, index)));
  };
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
      <div className="flex gap-2">
        <div
          aria-hidden
          className="flex h-44 w-10 shrink-0 flex-col justify-between text-right text-2xs text-faint tabular-nums"
        >
          {[...LINES].reverse().map((line) => (
            <span key={line} className="leading-none">
              {short(end * line)}
            </span>
          ))}
        </div>
        <div
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, last)}
          aria-valuenow={Math.max(0, place)}
          aria-valuetext={inWords}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => choose(null)}
          onKeyDown={press}
          className="h-44 min-w-0 flex-1 touch-pan-y rounded-sm"
        >
          <svg
            aria-hidden="true"
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className="size-full overflow-visible"
          >
            {LINES.map((line) => (
              <line
                key={line}
                x1={0}
                x2={WIDTH}
                y1={HEIGHT * (1 - line)}
                y2={HEIGHT * (1 - line)}
                stroke="var(--line)"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            {bucket && chosen !== null && (
              <rect x={place * step} y={0} width={step} height={HEIGHT} fill="var(--raised)" />
            )}
            {buckets.map((each, index) => (
              <Bar
                key={each.from.getTime()}
                bucket={each}
                series={series}
                x={index * step + gap / 2}
                width={step - gap}
                end={end}
              />
            ))}
          </svg>
        </div>
      </div>
      <div aria-hidden className="mt-1 flex justify-between pl-12 text-2xs text-faint tabular-nums">
        {[...new Set([0, Math.floor(last / 2), last])].map((index) => {
          const marked = buckets[index];
          return marked && <span key={index}>{markOf(marked)}</span>;
        })}
      </div>
      <p aria-hidden className="mt-2 min-h-9 pl-12 text-xs text-muted tabular-nums">
        {inWords}
      </p>
    </div>
  );
}

interface BarProps {
  bucket: Bucket;
  series: readonly Shown[];
  x: number;
  width: number;
  end: number;
}

function Bar({ bucket, series, x, width, end }: BarProps) {
  let under = 0;
  return bucket.counts.map((count, index) => {
    const shown = series[index];
    if (count === 0 || !shown) return null;
    const height = (count / end) * HEIGHT;
    under += height;
    return <rect key={shown.key} x={x} y={HEIGHT - under} width={width} height={height} fill={shown.color} />;
  });
}

function words(bucket: Bucket, series: readonly Shown[]): string {
  if (bucket.total === 0) return "no evaluations";
  const parts = bucket.counts.flatMap((count, index) => {
    const name = series[index]?.name;
    return count > 0 && name !== undefined ? [`${name} ${count.toLocaleString("en")}`] : [];
  });
  const total = `${bucket.total.toLocaleString("en")} ${bucket.total === 1 ? "evaluation" : "evaluations"}`;
  return parts.length > 1
    ? `${total} (${parts.join(", ")})`
    : `${total} (all ${series.find((_, index) => bucket.counts[index])?.name})`;
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

function short(count: number): string {
  return compact.format(count);
}
