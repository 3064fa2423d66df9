import type { KeyboardEvent, PointerEvent } from "react";
import { useRef } from "react";
import type { Variation } from "@/api/types";
import type { Weights } from "@/domain/targeting/weights";
import { boundaries, moveBoundary, shownPercent, total, WHOLE } from "@/domain/targeting/weights";
import { variationColor } from "@/lib/variation-color";
import { messages } from "../messages";

export interface WeightBarProps {
  weights: Weights;
  variations: readonly Variation[];
  onChange?: ((weights: Weights) => void) | undefined;
}

const SNAP = 1000;

/** The shares as a bar; the borders between them are dragged, or moved with the arrow keys. */
export function WeightBar({ weights, variations, onChange }: WeightBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const indexOf = (key: string) => variations.findIndex((variation) => variation.key === key);
  const nameOf = (key: string) => variations[indexOf(key)]?.name || key;
  const whole = Math.max(WHOLE, total(weights));

  const drag = (index: number) => (event: PointerEvent<HTMLElement>) => {
    if (!onChange || !bar.current || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = bar.current.getBoundingClientRect();
    const position = ((event.clientX - box.left) / box.width) * whole;
    onChange(moveBoundary(weights, index, Math.round(position / SNAP) * SNAP));
  };
  const press = (index: number, at: number) => (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 * SNAP : SNAP;
    const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step }[event.key];
    if (by === undefined || !onChange) return;
    event.preventDefault();
    onChange(moveBoundary(weights, index, at + by));
  };

  return (
    <div ref={bar} className="relative h-7 touch-none select-none">
      <div className="absolute inset-0 flex gap-px overflow-hidden rounded-md bg-raised">
        {weights.map(([key, weight]) => (
          <div
            key={key}
            title={`${nameOf(key)}: ${shownPercent(weight)}`}
            style={{ width: `${(weight / whole) * 100}%`, background: variationColor(indexOf(key)) }}
            className="grid min-w-0 place-items-center overflow-hidden transition-[width] duration-75"
          >
            {weight / whole > 0.09 && (
              <span className="truncate rounded bg-[rgb(0_0_0/0.7)] px-1 text-2xs font-medium text-white tabular-nums">
                {shownPercent(weight)}
              </span>
            )}
          </div>
        ))}
      </div>
      {onChange &&
        total(weights) === WHOLE &&
        boundaries(weights).map((at, index) => (
          <span
            key={weights[index]?.[0]}
            role="slider"
            tabIndex={0}
            aria-label={messages.serve.boundary({
              left: nameOf(weights[index]?.[0] ?? ""),
              right: nameOf(weights[index + 1]?.[0] ?? ""),
            })}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={at / 1000}
            aria-valuetext={shownPercent(at)}
            style={{ left: `${(at / WHOLE) * 100}%`, zIndex: stacking(at, index, weights.length) }}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag(index)}
            onKeyDown={press(index, at)}
            className="absolute -inset-y-0.5 -ml-2 grid w-4 cursor-ew-resize place-items-center rounded"
          >
            <span className="h-full w-1.5 rounded-full border-2 border-panel bg-ink" />
          </span>
        ))}
    </div>
  );
}

/** Of boundaries at one place, the one that can be dragged into the bar lies on top. */
function stacking(at: number, index: number, count: number): number {
  return at > WHOLE / 2 ? count - index : index;
}
