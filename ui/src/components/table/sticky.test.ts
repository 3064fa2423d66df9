import { describe, expect, it } from "vitest";
import type { Column } from "./column";
import { placeColumns } from "./sticky";

const column = (id: string, width: number, pinned = false): Column<unknown> => ({
  id,
  width,
  pinned,
  header: id,
  cell: () => id,
});
const columns = [
  { ...column("name", 308), phoneWidth: 158 },
  ...["a", "b", "c", "d"].map((id) => column(id, 118, true)),
  ...["e", "f"].map((id) => column(id, 112)),
];
const staying = (available: number) =>
  placeColumns(columns, available).flatMap(({ column: { id }, left }) =>
    left === undefined ? [] : [`${id} ${left}`],
  );

describe("placeColumns", () => {
  it("keeps the name and all pinned columns in a wide window", () => {
    expect(staying(1160)).toEqual(["name 0", "a 308", "b 426", "c 544", "d 662"]);
  });

  it("lets pinned columns scroll rather than hide every other one", () => {
    expect(staying(784)).toEqual(["name 0", "a 308", "b 426"]);
  });

  it("keeps only the name on a phone, and makes it narrower", () => {
    expect(staying(390)).toEqual(["name 0"]);
    expect(placeColumns(columns, 390)[0]?.width).toBe(158);
  });

  it("leaves out what is not worth its room in a narrow table", () => {
    const withDate = [...columns, { ...column("changed", 110), hideBelow: 700 }];
    const ids = (available: number) => placeColumns(withDate, available).map(({ column: { id } }) => id);
    expect(ids(390)).not.toContain("changed");
    expect(ids(800)).toContain("changed");
  });

  it("marks the last column that stays, where others scroll under it", () => {
    const edges = placeColumns(columns, 1000).filter(({ edge }) => edge);
    expect(edges.map(({ column: { id } }) => id)).toEqual(["c"]);
    expect(placeColumns(columns, 2000).some(({ edge }) => edge)).toBe(false);
  });
});
