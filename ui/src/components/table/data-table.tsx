import type { ColumnDef, Row as TableRow } from "@tanstack/react-table";
import { getCoreRowModel, useReactTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { RefObject } from "react";
import { useEffect, useMemo, useRef, useState } from "react";
import { cn } from "@/lib/cn";
import type { MoreQuery } from "../more-button";
import type { Column } from "./column";
import { DataRow } from "./data-row";
import { LIST } from "./list";
import type { PlacedColumn } from "./sticky";
import { placeColumns } from "./sticky";

export interface DataTableProps<Row> {
  /** Names the table for screen readers. */
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  /** Under which id a row lights up when somebody else has changed it; see `flash`. */
  flashId?: (row: Row) => string;
  isDimmed?: (row: Row) => boolean;
  /** Reads further rows when the last one comes into view. */
  more?: MoreQuery;
  rowHeight?: number;
  /** Fills what is left of the page and scrolls by itself, so that only the rows in view are rendered. */
  fill?: boolean;
  /** The rows are those of an earlier question, while the answer to the present one is on its way. */
  stale?: boolean;
}

/**
 * The dashboard's one table. Its first column names the row and stays in view, with as many pinned columns as fit.
 *
 * A row is rendered again only when its item, the columns or its width have changed. With `fill`, rows outside of the view
 * are not rendered at all, whatever their number.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowId, flashId, isDimmed, more, rowHeight = 44, fill = false, stale } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const placed = useMemo(() => placeColumns(columns, width), [columns, width]);
  const definitions = useMemo(
    () => columns.map(({ id, cell }): ColumnDef<Row> => ({ id, cell: ({ row }) => cell(row.original) })),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useReactTable({
    data,
    columns: definitions,
    getRowId: rowId,
    getCoreRowModel: getCoreRowModel(),
  });
  const all = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: all.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => all[index]?.id ?? index,
    overscan: 12,
    enabled: fill,
  });
  const visible = fill ? virtual.getVirtualItems() : [];
  const shown: [TableRow<Row>, number][] = fill
    ? visible.flatMap(({ index }) => {
        const row = all[index];
        return row ? [[row, index] as [TableRow<Row>, number]] : [];
      })
    : all.map((row, index) => [row, index]);
  const before = visible[0]?.start ?? 0;
  const after = fill ? virtual.getTotalSize() - (visible.at(-1)?.end ?? 0) : 0;
  useReadOn(more, fill ? (visible.at(-1)?.index ?? -1) >= all.length - 1 : false);
  return (
    <div
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard to be scrolled
      tabIndex={0}
      id={fill ? LIST : undefined}
      data-fill={fill || undefined}
      className={cn(
        "overflow-auto overscroll-x-contain focus-visible:-outline-offset-2",
        fill ? "-mx-3.5 min-h-80 flex-1 border-t sm:-mx-4" : "rounded-[9px] border",
        stale && "opacity-60 transition-opacity",
      )}
    >
      <table
        aria-label={label}
        aria-rowcount={fill ? all.length + 1 : undefined}
        className="w-full border-separate border-spacing-0"
        style={{ minWidth: placed.reduce((sum, item) => sum + item.width, 0) }}
      >
        <thead>
          <tr aria-rowindex={fill ? 1 : undefined}>
            {placed.map((item, index) => (
              <th
                key={item.column.id}
                scope="col"
                className={headStyle(item, index)}
                style={placeStyle(item, index)}
              >
                {item.column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Spacer height={before} span={placed.length} />}
          {shown.map(([row, index]) => (
            <DataRow
              key={row.id}
              item={row.original}
              index={index}
              counted={fill}
              placed={placed}
              flashId={flashId?.(row.original)}
              dimmed={isDimmed?.(row.original) ?? false}
              height={rowHeight}
              measure={fill ? virtual.measureElement : undefined}
              cellStyle={cellStyle}
              placeStyle={placeStyle}
            />
          ))}
          {after > 0 && <Spacer height={after} span={placed.length} />}
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height, padding: 0 }} />
    </tr>
  );
}

function headStyle<Row>({ column, left, edge }: PlacedColumn<Row>, index: number): string {
  return cn(
    "sticky top-0 h-[34px] whitespace-nowrap border-b bg-sunken px-3 text-left text-xs font-medium text-muted",
    left === undefined ? "z-[4]" : "z-[6]",
    index === 0 && "pl-3.5 sm:pl-4",
    edge && "border-r",
    column.align === "end" && "text-right",
  );
}

function cellStyle<Row>({ column, left, edge }: PlacedColumn<Row>, index: number): string {
  return cn(
    "border-b bg-panel px-3 py-1 text-left font-normal group-hover:bg-sunken group-data-[flashing=true]:animate-flash",
    left !== undefined && "sticky z-[2]",
    index === 0 && "z-[3] pl-3.5 sm:pl-4",
    edge && "border-r",
    column.align === "end" && "text-right",
    column.top && "pt-3 align-top",
  );
}

/** The first column takes the room that is left over; the others keep their width. */
function placeStyle<Row>({ width, left }: PlacedColumn<Row>, index: number) {
  return index === 0 ? { left, minWidth: width, width: "auto" } : { left, minWidth: width, width };
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, [box]);
  return width;
}

function useReadOn(more: MoreQuery | undefined, atEnd: boolean): void {
  const { hasNextPage = false, isFetchingNextPage = false, fetchNextPage } = more ?? {};
  useEffect(() => {
    if (atEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage?.();
  }, [atEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);
}
