import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { DateStyle } from "@/lib/language/format";
import { date, shortNumber } from "@/lib/language/format";
import { useTheme } from "@/lib/theme";
import { resolveColor } from "./colors";
import { stack } from "./stack";

/** A moment that is worth a line across the chart, such as a change. */
export interface ChartMarker {
  at: Date;
}

export interface BarChartProps {
  /** When each bar begins. */
  times: readonly Date[];
  /** The parts of each bar, from the bottom up; all have a value for each bar. */
  series: readonly { key: string; color: string; values: readonly number[] }[];
  markers: readonly ChartMarker[];
  /** Times are named in UTC, for what is counted by its days. */
  utc: boolean;
  /** The bar that is pointed out. */
  chosen: number | null;
  onChoose: (index: number | null) => void;
}

const HEIGHT = 208;
const FONT = "11px 'Geist Variable', sans-serif";

/** Stacked bars over time with axes, drawn on a canvas. What it shows must also be said in words beside it. */
export function BarChart({ times, series, markers, utc, chosen, onChoose }: BarChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colors
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const color = (name: string) => resolveColor(name, element);
    const made = new uPlot(
      options({
        width: element.clientWidth,
        color,
        series,
        markers,
        utc,
        onChoose: (index) => choose.current(index),
      }),
      dataOf(times, series),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [times, series, markers, utc, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart has no cursor yet
  useEffect(() => {
    const made = plot.current;
    if (!made || chosen === made.cursor.idx) return;
    const time = chosen === null ? undefined : made.data[0][chosen];
    made.setCursor({ left: time === undefined ? -10 : made.valToPos(time, "x"), top: 0 }, false);
  }, [chosen, times, series, markers, utc, theme]);
  return <div ref={box} aria-hidden className="w-full" style={{ height: HEIGHT }} />;
}

/** The topmost part is drawn first and the lower ones over it, as each reaches down to zero. */
function dataOf(times: readonly Date[], series: BarChartProps["series"]): uPlot.AlignedData {
  const stacked = stack(series.map(({ values }) => values)).reverse();
  return [times.map((time) => time.getTime() / 1000), ...stacked];
}

interface OptionsOf extends Pick<BarChartProps, "series" | "markers" | "utc" | "onChoose"> {
  width: number;
  color: (name: string) => string;
}

function options({ width, color, series, markers, utc, onChoose }: OptionsOf): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.78, 28], align: 1 });
  const axis = {
    stroke: color("var(--faint)"),
    font: FONT,
    grid: { stroke: color("var(--line)"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 22, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    ...(utc ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), "UTC") } : {}),
    scales: { x: { time: true }, y: { range: (_, _least, most) => [0, Math.max(1, most * 1.06)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 90,
        size: 26,
        values: (_, ticks) => ticks.map(timeNames(utc)),
      },
      { ...axis, size: 46, space: 48, values: (_, ticks) => ticks.map(shortNumber) },
    ],
    series: [
      {},
      ...[...series].reverse().map(({ key, color: name }): uPlot.Series => {
        const fill = color(name);
        return {
          label: key,
          fill,
          stroke: fill,
          width: 0,
          points: { show: false },
          ...(bars ? { paths: bars } : {}),
        };
      }),
    ],
    hooks: {
      draw: [(made) => drawMarkers(made, markers, color("var(--muted)"))],
      setCursor: [pointed(onChoose)],
    },
  };
}

/**
 * Reports the bar under the pointer when the pointer moves. uPlot also places its cursor when a chart is made or resized;
 * that must not undo a choice made with the keyboard.
 */
function pointed(onChoose: BarChartProps["onChoose"]): (plot: uPlot) => void {
  let reported: MouseEvent | undefined;
  return ({ cursor: { event, idx } }) => {
    if (!event || event === reported) return;
    reported = event;
    onChoose(idx ?? null);
  };
}

/** Days by their date, and what lies within a day by the clock. */
function timeNames(utc: boolean): (seconds: number) => string {
  const zone = utc ? { timeZone: "UTC" } : {};
  const day: DateStyle = { day: "numeric", month: "short", ...zone };
  const clock: DateStyle = { hour: "2-digit", minute: "2-digit", ...zone };
  return (seconds) => {
    const at = new Date(seconds * 1000);
    const midnight = utc
      ? at.getUTCHours() + at.getUTCMinutes() === 0
      : at.getHours() + at.getMinutes() === 0;
    return date(at, midnight ? day : clock);
  };
}

function drawMarkers(plot: uPlot, markers: readonly ChartMarker[], stroke: string): void {
  const { ctx, bbox } = plot;
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at } of markers) {
    const seconds = at.getTime() / 1000;
    if (seconds < (min ?? 0) || seconds > (max ?? 0)) continue;
    const x = Math.round(plot.valToPos(seconds, "x", true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
