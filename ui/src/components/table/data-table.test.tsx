// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Column } from "./column";
import { DataTable } from "./data-table";

interface Item {
  id: string;
  name: string;
}

const rendered: string[] = [];
const columns: Column<Item>[] = [
  {
    id: "name",
    header: "Name",
    width: 100,
    cell: ({ name }) => {
      rendered.push(name);
      return name;
    },
  },
  { id: "id", header: "Key", width: 100, cell: ({ id }) => id },
];
const rowId = ({ id }: Item) => id;

beforeEach(() => {
  rendered.length = 0;
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("names its rows by their first column", () => {
  render(<DataTable label="Things" rows={[{ id: "a", name: "Apple" }]} columns={columns} rowId={rowId} />);
  expect(screen.getByRole("table", { name: "Things" })).toBeDefined();
  expect(screen.getByRole("rowheader", { name: "Apple" })).toBeDefined();
  expect(screen.getByRole("cell", { name: "a" })).toBeDefined();
});

it("renders only the row whose item has changed", () => {
  const [apple, pear] = [
    { id: "a", name: "Apple" },
    { id: "b", name: "Pear" },
  ];
  const view = (rows: Item[]) => <DataTable label="Things" rows={rows} columns={columns} rowId={rowId} />;
  const { rerender } = render(view([apple, pear]));
  rendered.length = 0;
  rerender(view([apple, { ...pear, name: "Plum" }]));
  expect(rendered).toEqual(["Plum"]);
});
