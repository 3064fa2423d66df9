import type { CSSProperties } from "react";
import { memo } from "react";
import { cn } from "@/lib/cn";
import { useFlash } from "@/lib/flashes";
import type { PlacedColumn } from "./sticky";

export interface DataRowProps<Row> {
  item: Row;
  index: number;
  /** Whether the table's rows are counted for screen readers, as not all of them are rendered. */
  counted: boolean;
  placed: readonly PlacedColumn<Row>[];
  flashId: string | undefined;
  dimmed: boolean;
  height: number;
  measure: ((row: HTMLElement | null) => void) | undefined;
  cellStyle: (placed: PlacedColumn<Row>, index: number) => string;
  placeStyle: (placed: PlacedColumn<Row>, index: number) => CSSProperties;
}

function Row<Item>(props: DataRowProps<Item>) {
  const { item, index, counted, placed, flashId, dimmed, height, measure, cellStyle, placeStyle } = props;
  const flashing = useFlash(flashId ?? "");
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={counted ? index + 2 : undefined}
      data-flashing={flashing || undefined}
      className={cn("group", dimmed && "text-muted")}
      style={{ height }}
    >
      {placed.map((place, column) => {
        const Cell = column === 0 ? "th" : "td";
        return (
          <Cell
            key={place.column.id}
            scope={column === 0 ? "row" : undefined}
            className={cellStyle(place, column)}
            style={placeStyle(place, column)}
          >
            {place.column.cell(item)}
          </Cell>
        );
      })}
    </tr>
  );
}

/** One row of a `DataTable`; rendered again only when one of its properties has changed. */
export const DataRow = memo(Row) as typeof Row;
