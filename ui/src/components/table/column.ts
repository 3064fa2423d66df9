import type { ReactNode } from "react";

/** A column of a `DataTable`. Keep the list of columns the same between renders: rows are rendered again when it changes. */
export interface Column<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** In pixels; the first column also takes the room that is left. */
  width: number;
  /** Its width on a phone, when it differs. */
  phoneWidth?: number;
  /** Stays where it is while the others scroll sideways, where there is room for it. */
  pinned?: boolean;
  align?: "start" | "end";
  /** Stands at the top of a tall row, beside its first line, instead of in the middle. */
  top?: boolean;
  /** Left out of a table that is narrower than this, in pixels. */
  hideBelow?: number;
}
