import type { Column } from "./column";

/** What must be left to scroll beside the columns that stay. */
const SCROLLED_AT_LEAST = 240;
/** As wide as a phone. */
const PHONE = 640;

export interface PlacedColumn<Row> {
  column: Column<Row>;
  width: number;
  /** How far from the left edge it stays; undefined when it scrolls with the others. */
  left: number | undefined;
  /** The last one that stays: it casts the shadow under which the others scroll. */
  edge: boolean;
}

/**
 * Decides which columns stay: the first always does, pinned ones after it while enough room is left for the others to
 * scroll in. Without a known width of the table nothing but the first stays.
 */
export function placeColumns<Row>(columns: readonly Column<Row>[], available: number): PlacedColumn<Row>[] {
  const phone = available > 0 && available < PHONE;
  let left = 0;
  let staying = true;
  const shown = columns.filter(({ hideBelow = 0 }) => available === 0 || available >= hideBelow);
  const placed = shown.map((column, index): PlacedColumn<Row> => {
    const width = (phone ? column.phoneWidth : undefined) ?? column.width;
    const fits = left + width + SCROLLED_AT_LEAST <= available;
    staying &&= index === 0 || (column.pinned === true && fits && !phone);
    const at = staying ? left : undefined;
    left += width;
    return { column, width, left: at, edge: false };
  });
  const last = placed.filter(({ left: at }) => at !== undefined).at(-1);
  const scrolls = left > available;
  return placed.map((item) => ({ ...item, edge: scrolls && item === last }));
}
